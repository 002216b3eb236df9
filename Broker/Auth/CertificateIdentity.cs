using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ArtMqtt.Broker.Tls;
using ArtMqtt.Contracts;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Auth;

/// <summary>Reads which device a client's certificate names. Says nothing about whether it may be believed.</summary>
internal sealed class CertificateIdentity(IOptions<BrokerTlsOptions> options)
{
    private const string CommonNameOid = "2.5.4.3";
    private const string AlternativeNameOid = "2.5.29.17";
    private static readonly Asn1Tag _uri = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag _dns = new(TagClass.ContextSpecific, 2);

    /// <summary>The device id, or null when there is none, more than one, or something that is no device id.</summary>
    public string? DeviceOf(X509Certificate2 certificate)
    {
        try
        {
            var names = options.Value.SubjectSource switch
            {
                SubjectSource.SanUri => AlternativeNames(certificate, _uri).Select(uri => uri[(uri.LastIndexOfAny(['/', ':']) + 1)..]),
                SubjectSource.SanDns => AlternativeNames(certificate, _dns).Select(name => name.Split('.')[0]),
                _ => CommonNames(certificate),
            };
            return names.ToList() is [var only] && DeviceIds.IsValid(only) ? only : null;
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static IEnumerable<string> CommonNames(X509Certificate2 certificate) =>
        certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonNameOid)
            .Select(part => part.GetSingleElementValue() ?? "");

    private static List<string> AlternativeNames(X509Certificate2 certificate, Asn1Tag kind)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions.Where(e => e.Oid?.Value == AlternativeNameOid))
        {
            var sequence = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (sequence.HasData)
            {
                if (sequence.PeekTag().HasSameClassAndValue(kind))
                {
                    names.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, kind));
                }
                else
                {
                    sequence.ReadEncodedValue();
                }
            }
        }

        return names;
    }
}
