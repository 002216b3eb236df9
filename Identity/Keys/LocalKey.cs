using System.Security.Cryptography;

namespace ArtMqtt.Identity.Keys;

/// <summary>The key of the tokens that this installation issues itself: ES256, in a file that its nodes share.</summary>
internal sealed class LocalKey
{
    private readonly ECParameters _parameters;

    private LocalKey(ECParameters parameters) => (_parameters, Public) = (parameters, TokenKey.Of(parameters, null));

    /// <summary>What checks a signature.</summary>
    public TokenKey Public { get; }

    /// <summary>A new key as PEM (PKCS #8), for the file.</summary>
    public static string NewPem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>Reads the file; null when none is set.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="ArgumentException">It holds no private key in PEM, or more than one.</exception>
    /// <exception cref="CryptographicException">The key is on another curve than P-256.</exception>
    public static LocalKey? Read(TokenOptions options)
    {
        if (string.IsNullOrEmpty(options.LocalKeyFile))
        {
            return null;
        }

        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(options.LocalKeyFile));
        return new LocalKey(key.ExportParameters(includePrivateParameters: true));
    }

    /// <summary>The key as something that signs; an ECDsa is not made for several threads, so each caller has its own.</summary>
    public ECDsa Open() => ECDsa.Create(_parameters);
}
