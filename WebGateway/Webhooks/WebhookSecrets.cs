using System.Security.Cryptography;
using ArtMqtt.Contracts.Security;

namespace ArtMqtt.WebGateway.Webhooks;

/// <summary>
/// Makes the secrets of endpoints and keeps them encrypted: AES-256-GCM under a key derived from the credential key, bound
/// to the endpoint. What is stored: 12 bytes nonce, 16 bytes tag, the secret.
/// </summary>
internal sealed class WebhookSecrets(CredentialHasher hasher)
{
    private const string Prefix = "whsec_";
    private const int SecretSize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key = hasher.Derive("webhooks", "secrets");

    /// <summary>A new secret: 256 random bits.</summary>
    public static byte[] Create() => RandomNumberGenerator.GetBytes(SecretSize);

    /// <summary>The form that is handed out, that of Standard Webhooks.</summary>
    public static string ToText(ReadOnlySpan<byte> secret) => Prefix + Convert.ToBase64String(secret);

    /// <summary>What is stored.</summary>
    public byte[] Protect(Guid endpointId, ReadOnlySpan<byte> secret)
    {
        var stored = new byte[NonceSize + TagSize + secret.Length];
        var nonce = stored.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(
            nonce, secret, stored.AsSpan(NonceSize + TagSize), stored.AsSpan(NonceSize, TagSize),
            endpointId.ToByteArray(bigEndian: true));
        return stored;
    }

    /// <summary>The secret.</summary>
    /// <exception cref="CryptographicException">It was made with another credential key, or for another endpoint.</exception>
    public byte[] Unprotect(Guid endpointId, ReadOnlySpan<byte> stored)
    {
        var secret = new byte[Math.Max(0, stored.Length - NonceSize - TagSize)];
        using var aes = new AesGcm(_key, TagSize);
        aes.Decrypt(
            stored[..NonceSize], stored[(NonceSize + TagSize)..], stored.Slice(NonceSize, TagSize), secret,
            endpointId.ToByteArray(bigEndian: true));
        return secret;
    }
}
