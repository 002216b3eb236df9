using ArtMqtt.Contracts;

namespace ArtMqtt.WebGateway.Errors;

/// <summary>What is wrong with the members of a request, collected so that the caller learns all at once.</summary>
internal sealed class FieldErrors
{
    private readonly Dictionary<string, string[]> _errors = [];

    public bool Any => _errors.Count > 0;

    public IDictionary<string, string[]> ByField => _errors;

    /// <summary>Notes a message for a field unless the condition holds.</summary>
    public FieldErrors Require(bool condition, string field, string message)
    {
        if (!condition)
        {
            _errors[field] = [message];
        }

        return this;
    }

    /// <summary>Requires a text to be absent or short, without control characters other than line breaks.</summary>
    public FieldErrors RequireText(string? text, string field, int maxLength) => Require(
        text is null || (text.Length <= maxLength && !text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))),
        field, $"'{field}' must be at most {maxLength} characters without control characters.");

    /// <summary>Requires the name of a tenant to be absent, empty, or of the form of a device id.</summary>
    public FieldErrors RequireTenant(string? tenant) => Require(
        string.IsNullOrEmpty(tenant) || DeviceIds.IsValid(tenant), "tenant", "'tenant' must be up to 64 of a-z 0-9 . _ -");
}
