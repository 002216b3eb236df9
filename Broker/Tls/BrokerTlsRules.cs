using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Tls;

/// <summary>Stops the start when TLS is on and could not work.</summary>
internal sealed class BrokerTlsRules(IOptions<BrokerOptions> broker) : IValidateOptions<BrokerTlsOptions>
{
    public ValidateOptionsResult Validate(string? name, BrokerTlsOptions options)
    {
        var errors = options.IsOn ? Check(options).ToList() : [];
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private IEnumerable<string> Check(BrokerTlsOptions options)
    {
        if (options.Port == broker.Value.Port)
        {
            yield return "Broker:Tls:Port and Broker:Port are the same.";
        }

        if (Try(() => CertificateFiles.ReadServer(options)) is { } serverError)
        {
            yield return $"Broker:Tls:CertificateFile and KeyFile: {serverError}";
        }

        if (options.ClientCertificate != ClientCertificateMode.None
            && Try(() => CertificateFiles.ReadAll(options.ClientCaFile)) is { } caError)
        {
            yield return $"Broker:Tls:ClientCaFile, which ClientCertificate {options.ClientCertificate} needs: {caError}";
        }
    }

    private static string? Try(Func<object> read)
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
