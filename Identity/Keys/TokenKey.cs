using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace ArtMqtt.Identity.Keys;

/// <summary>A key that checks signatures of one algorithm; its type decides which, never a token.</summary>
internal sealed class TokenKey
{
    /// <summary>What is accepted at all.</summary>
    public static readonly string[] Algorithms =
        [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.HmacSha256];

    private const int LeastRsaBits = 2_048;
    private const int LeastSymmetricBytes = 32;
    private const string P256 = "1.2.840.10045.3.1.7";

    private TokenKey(string algorithm, SecurityKey key)
    {
        (Algorithm, Key) = (algorithm, key);
        Thumbprint = key.ComputeJwkThumbprint();
    }

    /// <summary>RS256, ES256 or HS256.</summary>
    public string Algorithm { get; }

    /// <summary>The key.</summary>
    public SecurityKey Key { get; }

    /// <summary>Its name in a token's header; null when it has none and any may mean it.</summary>
    public string? KeyId => Key.KeyId;

    /// <summary>RFC 7638: the same for the same key, wherever it was read.</summary>
    public byte[] Thumbprint { get; }

    /// <summary>A public RSA key.</summary>
    /// <exception cref="CryptographicException">It is too short.</exception>
    public static TokenKey Of(RSAParameters parameters, string? keyId)
    {
        using var rsa = RSA.Create(parameters);
        return rsa.KeySize >= LeastRsaBits
            ? new TokenKey(SecurityAlgorithms.RsaSha256, new RsaSecurityKey(rsa.ExportParameters(false)) { KeyId = keyId })
            : throw new CryptographicException($"An RSA key must have at least {LeastRsaBits} bits.");
    }

    /// <summary>A public key on P-256.</summary>
    /// <exception cref="CryptographicException">It is on another curve, or no point of it.</exception>
    public static TokenKey Of(ECParameters parameters, string? keyId)
    {
        if (parameters.Curve.Oid?.Value != P256)
        {
            throw new CryptographicException("An EC key must be on the curve P-256.");
        }

        // Throws when it is no point of the curve. The key is handed on as numbers: each check makes its own from them,
        // an ECDsa is not made for several threads.
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = parameters.Q });
        var point = key.ExportParameters(false).Q;
        return new TokenKey(SecurityAlgorithms.EcdsaSha256, new JsonWebKey
        {
            Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
            Crv = JsonWebKeyECTypes.P256,
            X = Base64UrlEncoder.Encode(point.X),
            Y = Base64UrlEncoder.Encode(point.Y),
            Kid = keyId,
        });
    }

    /// <summary>A shared key.</summary>
    /// <exception cref="CryptographicException">It is too short.</exception>
    public static TokenKey Of(byte[] key) => key.Length >= LeastSymmetricBytes
        ? new TokenKey(SecurityAlgorithms.HmacSha256, new SymmetricSecurityKey(key))
        : throw new CryptographicException($"The symmetric key must have at least {LeastSymmetricBytes} bytes.");
}
