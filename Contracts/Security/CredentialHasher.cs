using System.Security.Cryptography;
using System.Text;

namespace ArtMqtt.Contracts.Security;

/// <summary>
/// Makes secrets and checks them. A secret is 256 random bits, so a keyed hash (HMAC-SHA256) is enough to store it:
/// there is nothing to guess, and a stolen table without the key proves nothing.
/// </summary>
/// <param name="key">At least 32 bytes; the same on every node.</param>
public sealed class CredentialHasher(ReadOnlyMemory<byte> key)
{
    private readonly byte[] _key = key.Length >= 32
        ? key.ToArray()
        : throw new ArgumentException("The credential key must be at least 32 bytes.", nameof(key));

    /// <summary>A new secret: 256 bits as 43 characters of base64url.</summary>
    public static string NewSecret() => ToSecret(RandomNumberGenerator.GetBytes(32));

    /// <summary>What to store for a secret: 32 bytes.</summary>
    public byte[] Hash(string secret) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(secret));

    /// <summary>
    /// 32 bytes that only holders of the key can make of a text, always the same: for what must come out again without
    /// being stored. Different purposes give different bytes.
    /// </summary>
    public byte[] Derive(string purpose, string text) =>
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{purpose}\n{text}"));

    /// <summary>The form of a secret: base64url without padding.</summary>
    public static string ToSecret(ReadOnlySpan<byte> bytes) =>
        Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>Whether a presented secret is the stored one; takes the same time either way.</summary>
    public bool Verify(ReadOnlySpan<byte> presented, ReadOnlySpan<byte> storedHash)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, presented, hash);
        return CryptographicOperations.FixedTimeEquals(hash, storedHash);
    }
}
