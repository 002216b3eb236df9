namespace ArtMqtt.Broker.Tls;

/// <summary>Whether clients are asked for a certificate.</summary>
public enum ClientCertificateMode
{
    /// <summary>They are not.</summary>
    None,

    /// <summary>They are, and may have none; one that is wrong ends the connection.</summary>
    Allow,

    /// <summary>Nobody gets in without one.</summary>
    Require,
}
