using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ArtMqtt.TestKit;

/// <summary>Makes JSON Web Tokens by hand, also those that no library would make.</summary>
public static class TestToken
{
    /// <summary>Issuer of <see cref="Claims"/>.</summary>
    public const string Issuer = "https://issuer.test";

    /// <summary>Audience of <see cref="Claims"/>.</summary>
    public const string Audience = "artmqtt";

    /// <summary>Claims that are accepted for an hour, changed by <paramref name="changes"/>; null takes one out.</summary>
    public static JsonObject Claims(params (string Name, JsonNode? Value)[] changes)
    {
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["exp"] = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in changes)
        {
            claims.Remove(name);
            if (value is not null)
            {
                claims[name] = value;
            }
        }

        return claims;
    }

    /// <summary>A token of HS256.</summary>
    public static string Sign(byte[] key, JsonObject claims, string? kid = null, string alg = "HS256") =>
        Create(alg, kid, claims, bytes => HMACSHA256.HashData(key, bytes));

    /// <summary>A token of RS256.</summary>
    public static string Sign(RSA key, JsonObject claims, string? kid = null, string alg = "RS256") => Create(
        alg, kid, claims, bytes => key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    /// <summary>A token of ES256.</summary>
    public static string Sign(ECDsa key, JsonObject claims, string? kid = null, string alg = "ES256") =>
        Create(alg, kid, claims, bytes => key.SignData(bytes, HashAlgorithmName.SHA256));

    /// <summary>Any token.</summary>
    public static string Create(string alg, string? kid, JsonObject claims, Func<byte[], byte[]> sign)
    {
        var header = new JsonObject { ["alg"] = alg, ["typ"] = "JWT" };
        if (kid is not null)
        {
            header["kid"] = kid;
        }

        return Create(header, claims, sign);
    }

    /// <summary>Any token with any header.</summary>
    public static string Create(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign)
    {
        var content = $"{Encode(header)}.{Encode(claims)}";
        return $"{content}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(content)))}";
    }

    /// <summary>The key in a key set.</summary>
    public static JsonObject Jwk(RSA key, string kid)
    {
        var numbers = key.ExportParameters(false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["kid"] = kid,
            ["n"] = Base64Url.EncodeToString(numbers.Modulus),
            ["e"] = Base64Url.EncodeToString(numbers.Exponent),
        };
    }

    /// <summary>The key in a key set.</summary>
    public static JsonObject Jwk(ECDsa key, string kid)
    {
        var point = key.ExportParameters(false).Q;
        return new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["kid"] = kid,
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    private static string Encode(JsonObject json) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
