using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace ArtMqtt.Identity.Keys;

/// <summary>Takes the usable keys of a key set (RFC 7517): public, for signatures, RSA or P-256. Others are left out.</summary>
internal static class JwksReader
{
    private const int MaxKeys = 100;

    /// <summary>Reads the document.</summary>
    /// <exception cref="FormatException">It is no key set.</exception>
    public static IReadOnlyList<TokenKey> Read(string json, Func<string, bool> isAllowed)
    {
        JsonWebKeySet set;
        try
        {
            set = new JsonWebKeySet(json);
        }
        catch (Exception e) when (e is ArgumentException or JsonException)
        {
            throw new FormatException("The key set is not JSON as RFC 7517 describes it.", e);
        }

        return [.. set.Keys.Take(MaxKeys).Select(Convert).OfType<TokenKey>().Where(key => isAllowed(key.Algorithm))];
    }

    // A symmetric key that anybody can read is no key; one for encryption or of another algorithm signs nothing here.
    private static TokenKey? Convert(JsonWebKey key)
    {
        if (key.Use is { Length: > 0 } and not "sig")
        {
            return null;
        }

        try
        {
            var keyId = string.IsNullOrEmpty(key.Kid) ? null : key.Kid;
            return (key.Kty, key.Alg, key.Crv) switch
            {
                ("RSA", null or "" or SecurityAlgorithms.RsaSha256, _) => TokenKey.Of(
                    new RSAParameters { Modulus = Bytes(key.N), Exponent = Bytes(key.E) }, keyId),
                ("EC", null or "" or SecurityAlgorithms.EcdsaSha256, "P-256") => TokenKey.Of(
                    new ECParameters
                    {
                        Curve = ECCurve.NamedCurves.nistP256,
                        Q = new ECPoint { X = Bytes(key.X), Y = Bytes(key.Y) },
                    },
                    keyId),
                _ => null,
            };
        }
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static byte[] Bytes(string? base64Url) => Base64UrlEncoder.DecodeBytes(base64Url ?? "");
}
