namespace ArtMqtt.Broker.Auth;

/// <summary>Where in a client's certificate its device id stands.</summary>
public enum SubjectSource
{
    /// <summary>The common name of the subject; there must be exactly one.</summary>
    CommonName,

    /// <summary>The URI of the subject alternative name: what follows its last <c>/</c> or <c>:</c>.</summary>
    SanUri,

    /// <summary>The DNS name of the subject alternative name: what comes before its first dot.</summary>
    SanDns,
}
