using System.Buffers.Text;
using System.Security.Cryptography;

namespace ArtMqtt.Identity.Keys;

/// <summary>Keys from the settings and their files, read at the start.</summary>
internal static class SettingsKeys
{
    private const string PublicKeyLabel = "PUBLIC KEY";
    private const string RsaOid = "1.2.840.113549.1.1.1";

    /// <summary>The keys that are set and whose algorithm is allowed.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="FormatException">What it holds is no key.</exception>
    /// <exception cref="CryptographicException">A key is too weak or of another kind.</exception>
    public static TokenKeySet Read(TokenOptions options)
    {
        var keys = new List<TokenKey>();
        if (options.SymmetricKeyFile is { Length: > 0 } file)
        {
            keys.Add(TokenKey.Of(Decode(File.ReadAllText(file), file)));
        }

        if (options.SymmetricKey is { Length: > 0 } text)
        {
            keys.Add(TokenKey.Of(Decode(text, "SymmetricKey")));
        }

        if (options.PublicKeyFile is { Length: > 0 } pem)
        {
            keys.AddRange(ReadPem(File.ReadAllText(pem), pem));
        }

        return new TokenKeySet([.. keys.Where(key => options.Allows(key.Algorithm))]);
    }

    private static byte[] Decode(string text, string name)
    {
        var url = text.Trim().TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return Base64Url.IsValid(url)
            ? Base64Url.DecodeFromChars(url)
            : throw new FormatException($"{name} is not base64.");
    }

    private static List<TokenKey> ReadPem(string text, string path)
    {
        var keys = new List<TokenKey>();
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label];
            keys.Add(label.SequenceEqual(PublicKeyLabel)
                ? ReadPublicKey(Convert.FromBase64String(rest[fields.Base64Data].ToString()))
                : throw new FormatException($"{path} holds a '{label}'; only public keys belong there (BEGIN {PublicKeyLabel})."));
            rest = rest[fields.Location.End..];
        }

        return keys.Count > 0 ? keys : throw new FormatException($"{path} holds no '{PublicKeyLabel}' in PEM.");
    }

    private static TokenKey ReadPublicKey(byte[] subjectPublicKeyInfo)
    {
        var key = System.Security.Cryptography.X509Certificates.PublicKey.CreateFromSubjectPublicKeyInfo(
            subjectPublicKeyInfo, out _);
        if (key.Oid.Value == RsaOid)
        {
            using var rsa = key.GetRSAPublicKey()!;
            return TokenKey.Of(rsa.ExportParameters(false), null);
        }

        using var ec = key.GetECDsaPublicKey()
            ?? throw new CryptographicException("A public key must be RSA, or EC on the curve P-256.");
        return TokenKey.Of(ec.ExportParameters(false), null);
    }
}
