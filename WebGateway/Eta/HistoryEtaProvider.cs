namespace ArtMqtt.WebGateway.Eta;

/// <summary>Estimates from the fleet's own drives; always has an answer.</summary>
internal sealed class HistoryEtaProvider(SpeedCache cache) : IEtaProvider
{
    /// <inheritdoc/>
    public async Task<EtaEstimate?> EstimateAsync(EtaQuery query, CancellationToken cancellationToken)
    {
        var (speeds, ways) = await cache.FindAsync(EtaEstimator.CellsOf(query), query.Now, cancellationToken);
        return EtaEstimator.Estimate(query, speeds, ways);
    }
}
