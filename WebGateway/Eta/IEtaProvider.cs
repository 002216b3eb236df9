namespace ArtMqtt.WebGateway.Eta;

/// <summary>Says how long a drive takes.</summary>
internal interface IEtaProvider
{
    /// <summary>The estimate.</summary>
    /// <returns>Null when this provider has no answer; it never takes longer than its time-out to say so.</returns>
    Task<EtaEstimate?> EstimateAsync(EtaQuery query, CancellationToken cancellationToken);
}
