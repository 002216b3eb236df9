using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>
/// How the device proves who it is, and whom it trusts. Files are read anew for every connection: what is renewed
/// there counts from the next one on.
/// </summary>
internal sealed record DeviceCredentials
{
    /// <summary>The secret, or null.</summary>
    public string? Secret { get; init; }

    /// <summary>File whose first line is the secret, or null.</summary>
    public string? SecretFile { get; init; }

    /// <summary>File with a JSON Web Token, which somebody renews; or null.</summary>
    public string? TokenFile { get; init; }

    /// <summary>PEM file with the device's certificate, or null.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file with its key; null: in the file of the certificate.</summary>
    public string? KeyFile { get; init; }

    /// <summary>PEM file with the only roots that are trusted; null: those of the system.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>The password of the next connection, or null.</summary>
    public string? ReadPassword() => (TokenFile ?? SecretFile) is not { } path
        ? Secret
        : File.ReadLines(path).FirstOrDefault()?.Trim() is { Length: > 0 } line
            ? line
            : throw new IOException($"{path} is empty.");

    /// <summary>When a password is over: the <c>exp</c> of a token; null for secrets and tokens without one.</summary>
    public DateTimeOffset? ExpiryOf(string? password)
    {
        var parts = TokenFile is null ? [] : (password ?? "").Split('.');
        if (parts.Length != 3 || !Base64Url.IsValid(parts[1]))
        {
            return null;
        }

        try
        {
            // Not verified: that is the server's business.
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            return claims.RootElement.TryGetProperty("exp", out var exp) && exp.TryGetDouble(out var seconds)
                ? DateTimeOffset.UnixEpoch.AddSeconds(Math.Clamp(seconds, 0, uint.MaxValue))
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The certificate of the next connection, or null.</summary>
    public X509Certificate2? ReadCertificate() => CertificateFile is { } path
        ? X509Certificate2.CreateFromPemFile(path, KeyFile ?? path)
        : null;

    /// <summary>The roots of the next connection; empty: the system's.</summary>
    public X509Certificate2Collection ReadAuthorities()
    {
        var all = new X509Certificate2Collection();
        if (AuthorityFile is { } path)
        {
            all.ImportFromPemFile(path);
            if (all.Count == 0)
            {
                throw new IOException($"{path} holds no certificate.");
            }
        }

        return all;
    }
}
