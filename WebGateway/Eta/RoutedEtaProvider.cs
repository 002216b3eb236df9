using System.Text.Json;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>
/// Asks a routing server, and the fleet's own drives when that does not answer well in time. The server says how long the way
/// takes; the band around it is that of the drives.
/// </summary>
internal sealed partial class RoutedEtaProvider(
    IRoutingServer server, HttpClient http, IEtaProvider history, Circuit circuit, EtaMetrics metrics,
    ILogger<RoutedEtaProvider> logger) : IEtaProvider
{
    // More than a way across the earth takes.
    private const double MaxSeconds = 30 * 86_400;

    /// <inheritdoc/>
    public async Task<EtaEstimate?> EstimateAsync(EtaQuery query, CancellationToken cancellationToken)
    {
        var estimate = await history.EstimateAsync(query, cancellationToken);
        if (estimate is null || await FindWayAsync(query, cancellationToken) is not { } way)
        {
            return estimate;
        }

        var scale = way.Seconds / Math.Max(estimate.Seconds, 1);
        return new EtaEstimate(way.Seconds, estimate.Low * scale, estimate.High * scale, way.Distance, server.Source);
    }

    private async Task<RoutedWay?> FindWayAsync(EtaQuery query, CancellationToken cancellationToken)
    {
        if (!circuit.MayCall())
        {
            metrics.Failed("paused");
            return null;
        }

        string reason;
        try
        {
            using var message = server.Ask(query);
            using var response = await http.SendAsync(message, cancellationToken);
            var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var way = response.IsSuccessStatusCode ? server.Read(answer) : null;
            if (way is { Seconds: >= 0 and <= MaxSeconds, Distance: >= 0 })
            {
                circuit.Report(isSuccess: true);
                return way;
            }

            // It works, but knows no way: between islands, or outside of its map.
            if ((int)response.StatusCode is >= 400 and < 500 || response.IsSuccessStatusCode)
            {
                circuit.Report(isSuccess: true);
                metrics.Failed("server");
                return null;
            }

            reason = $"HTTP {(int)response.StatusCode}";
        }
        catch (Exception e) when (e is HttpRequestException or JsonException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            reason = e.Message;
        }

        circuit.Report(isSuccess: false);
        metrics.Failed("server");
        LogFailed(server.Source, reason);
        return null;
    }

    [LoggerMessage(LogLevel.Warning, "The {Source} server did not say how long a drive takes: {Reason}; the fleet's own drives do")]
    private partial void LogFailed(string source, string reason);
}
