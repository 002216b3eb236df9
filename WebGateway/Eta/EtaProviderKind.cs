namespace ArtMqtt.WebGateway.Eta;

/// <summary>Who says how long a drive takes.</summary>
internal enum EtaProviderKind
{
    /// <summary>The fleet's own drives.</summary>
    History = 0,

    /// <summary>A server of OSRM, HTTP API v1.</summary>
    Osrm = 1,

    /// <summary>A server of Valhalla.</summary>
    Valhalla = 2,
}
