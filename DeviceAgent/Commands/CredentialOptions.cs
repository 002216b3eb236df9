using System.CommandLine;
using System.Security.Cryptography;
using ArtMqtt.DeviceAgent.Publishing;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary>How one device proves who it is: a secret, a token, a certificate.</summary>
internal sealed class CredentialOptions
{
    private readonly Option<FileInfo> _secret = new("--secret-file")
    {
        Description = $"file with the device's secret; without it {SecretSource.Variable} is read",
    };

    private readonly Option<FileInfo> _token = new("--token-file")
    {
        Description = "file with a JSON Web Token instead; read again when the token is about to end",
    };

    private readonly Option<FileInfo> _certificate = new("--certificate")
    {
        Description = "PEM file with the device's certificate instead, for MQTT over TLS",
    };

    private readonly Option<FileInfo> _key = new("--certificate-key")
    {
        Description = "PEM file with its key; by default in the same file",
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _secret, _token, _certificate, _key })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(_secret) is not null && result.GetResult(_token) is not null)
            {
                result.AddError("Give either --secret-file or --token-file.");
            }

            if (result.GetResult(_key) is not null && result.GetResult(_certificate) is null)
            {
                result.AddError("--certificate-key goes with --certificate.");
            }
        });
    }

    /// <summary>What the user chose.</summary>
    /// <exception cref="UsageException">There is none, or a file cannot be read.</exception>
    public DeviceCredentials Read(ParseResult parsed)
    {
        var (secret, token, certificate) =
            (parsed.GetValue(_secret), parsed.GetValue(_token), parsed.GetValue(_certificate));
        var isSecret = secret is not null || (token is null && certificate is null);
        var credentials = new DeviceCredentials
        {
            Secret = isSecret ? SecretSource.Read(secret) : null,
            SecretFile = secret?.FullName,
            TokenFile = token?.FullName,
            CertificateFile = certificate?.FullName,
            KeyFile = parsed.GetValue(_key)?.FullName,
        };
        Check(() => credentials.ReadPassword());
        Check(() => credentials.ReadCertificate());
        return credentials;
    }

    /// <summary>Tells a file that cannot be read before anything is begun.</summary>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static void Check(Func<object?> read)
    {
        try
        {
            _ = read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UsageException(e.Message);
        }
    }
}
