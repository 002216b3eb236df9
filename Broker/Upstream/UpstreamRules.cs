using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Upstream;

/// <summary>Stops the start when there is an upstream broker and its settings could not work.</summary>
internal sealed class UpstreamRules : IValidateOptions<UpstreamOptions>
{
    // MQTT 3.1.1 servers need not take more than 23; all that are known take this.
    private const int MaxClientId = 60;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, UpstreamOptions options)
    {
        var errors = options.IsOn ? Check(options).ToList() : [];
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Check(UpstreamOptions options) => [.. CheckNames(options), .. CheckTopics(options), .. CheckFiles(options)];

    private static IEnumerable<string> CheckNames(UpstreamOptions options)
    {
        for (var i = 0; i < options.Servers.Count; i++)
        {
            if (!UpstreamServer.TryParse(options.Servers[i], out _))
            {
                // Not the value: it may hold a password.
                yield return $"{Key("Servers")}:{i} is no server; allowed: {UpstreamServer.Forms}. User name and password have settings of their own.";
            }
        }

        if (options.ClientId.Length > MaxClientId || options.ClientId.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
        {
            yield return $"{Key("ClientId")} is '{options.ClientId}'; allowed: up to {MaxClientId} of A-Z a-z 0-9 . _ -";
        }

        if (options.ShareGroup.AsSpan().ContainsAny('/', '+', '#'))
        {
            yield return $"{Key("ShareGroup")} is '{options.ShareGroup}'; allowed: a name without / + #";
        }

        if (options.Connections > 1 && options.ShareGroup.Length == 0)
        {
            yield return $"{Key("Connections")} is '{options.Connections}'; allowed: 1 without {Key("ShareGroup")}, for each would get every message.";
        }

        if (options.PasswordFile is not null && options.UserName is null)
        {
            yield return $"{Key("PasswordFile")} needs {Key("UserName")}.";
        }
    }

    private static IEnumerable<string> CheckTopics(UpstreamOptions options)
    {
        for (var i = 0; i < options.Topics.Count; i++)
        {
            if (!TopicMapping.TryParse(options.Topics[i], out _))
            {
                yield return $"{Key("Topics")}:{i} is '{options.Topics[i].Filter}' to '{options.Topics[i].Topic}'; "
                    + $"allowed: a topic filter, and {TopicMapping.Form}";
            }
        }
    }

    private static IEnumerable<string> CheckFiles(UpstreamOptions options)
    {
        var credentials = new UpstreamCredentials(options);
        if (Try(credentials.ReadPassword) is { } passwordError)
        {
            yield return $"{Key("PasswordFile")} is '{options.PasswordFile}': {passwordError}";
        }

        if (Try(credentials.ReadAuthorities) is { } caError)
        {
            yield return $"{Key("CaFile")} is '{options.CaFile}': {caError}";
        }

        if (Try(credentials.ReadCertificate) is { } certificateError)
        {
            yield return $"{Key("CertificateFile")} is '{options.CertificateFile}', {Key("KeyFile")} '{options.KeyFile}': {certificateError}";
        }
    }

    private static string Key(string name) => $"{UpstreamOptions.Section}:{name}";

    private static string? Try(Func<object?> read)
    {
        try
        {
            _ = read();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return e.Message;
        }
    }
}
