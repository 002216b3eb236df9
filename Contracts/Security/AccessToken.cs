namespace ArtMqtt.Contracts.Security;

/// <summary>
/// The bearer token of a person: <c>a.{secret}</c> for an admin, <c>d.{secret}</c> for a dispatcher,
/// <c>c.{requestId}.{secret}</c> for the customer of one request (the part of their link behind the <c>#</c>). Only a keyed hash of the secret is stored.
/// </summary>
/// <param name="RequestId">The customer's request, or null for a dispatcher and an admin.</param>
/// <param name="Secret">256 random bits, base64url.</param>
public readonly record struct AccessToken(Guid? RequestId, string Secret)
{
    private const int MaxLength = 128;

    /// <summary>Whether it is an admin's.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>Whether it is a dispatcher's.</summary>
    public bool IsDispatcher => RequestId is null && !IsAdmin;

    /// <summary>A new token for an admin.</summary>
    public static AccessToken NewAdmin() => new(null, CredentialHasher.NewSecret()) { IsAdmin = true };

    /// <summary>A new token for a dispatcher.</summary>
    public static AccessToken NewDispatcher() => new(null, CredentialHasher.NewSecret());

    /// <summary>A new token for the customer of a request.</summary>
    public static AccessToken NewCustomer(Guid requestId) => new(requestId, CredentialHasher.NewSecret());

    /// <summary>The form that is handed out.</summary>
    public override string ToString() => RequestId is { } id
        ? $"c.{id:N}.{Secret}"
        : $"{(IsAdmin ? "a" : "d")}.{Secret}";

    /// <summary>Reads <see cref="ToString"/>'s form; says nothing about whether the secret is right.</summary>
    public static bool TryParse(string? text, out AccessToken token)
    {
        token = default;
        if (text is null || text.Length > MaxLength)
        {
            return false;
        }

        if (text.Length > 2 && (text[0] is 'a' or 'd') && text[1] == '.')
        {
            token = new AccessToken(null, text[2..]) { IsAdmin = text[0] == 'a' };
            return true;
        }

        const int SecretStart = 2 + 32 + 1;
        if (text.StartsWith("c.", StringComparison.Ordinal) && text.Length > SecretStart && text[SecretStart - 1] == '.'
            && Guid.TryParseExact(text.AsSpan(2, 32), "N", out var requestId))
        {
            token = new AccessToken(requestId, text[SecretStart..]);
            return true;
        }

        return false;
    }
}
