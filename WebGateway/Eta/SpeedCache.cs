using System.Collections.Concurrent;
using System.Data.Common;
using ArtMqtt.Store.Speeds;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>
/// What the fleet has learned, as far as it is asked for: read once an hour, kept for at most
/// <see cref="MaxBlocks"/> blocks of 5.6 km (about 3 KB each). When the database does not answer in time, what is known stays.
/// </summary>
internal sealed partial class SpeedCache(
    SpeedReader reader, EtaMetrics metrics, TimeProvider time, ILogger<SpeedCache> logger)
{
    public const int MaxBlocks = 8_192;

    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<int, (long Hour, BlockSpeeds Speeds)> _blocks = new();
    private readonly Circuit _circuit = new(1, _pause, time);
    private volatile LearnedWays _ways = new(-1, TripWays.None);

    /// <summary>What is known of cells, and of trips.</summary>
    public async Task<(KnownSpeeds Speeds, TripWays Ways)> FindAsync(
        IEnumerable<int> cells, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hour = now.ToUnixTimeSeconds() / 3_600;
        var blocks = cells.Select(SpeedGrid.BlockOf).Distinct().ToList();
        var missing = blocks.Where(block => !_blocks.TryGetValue(block, out var known) || known.Hour != hour).ToList();
        if ((missing.Count > 0 || _ways.Hour != hour) && _circuit.MayCall())
        {
            await ReadAsync(missing, now, hour, cancellationToken);
        }

        var speeds = new Dictionary<int, BlockSpeeds>(blocks.Count);
        foreach (var block in blocks)
        {
            if (_blocks.TryGetValue(block, out var known))
            {
                speeds[block] = known.Speeds;
            }
        }

        return (new KnownSpeeds(speeds), _ways.Ways);
    }

    private async Task ReadAsync(List<int> missing, DateTimeOffset now, long hour, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (missing.Count > 0)
            {
                var read = await reader.ReadBlocksAsync(missing, SpeedGrid.HourOfWeek(now), either.Token);
                if (_blocks.Count + missing.Count > MaxBlocks)
                {
                    _blocks.Clear();
                }

                // Where nobody has driven: remembered too.
                missing.ForEach(block => _blocks[block] = (hour, read.GetValueOrDefault(block) ?? new BlockSpeeds()));
            }

            if (_ways.Hour != hour)
            {
                _ways = new LearnedWays(hour, await reader.ReadTripsAsync(now, either.Token));
            }

            _circuit.Report(isSuccess: true);
        }
        catch (Exception e) when (e is DbException or TimeoutException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            _circuit.Report(isSuccess: false);
            metrics.Failed("database");
            LogFailed(e.Message);
        }
    }

    private sealed record LearnedWays(long Hour, TripWays Ways);

    [LoggerMessage(LogLevel.Warning, "What the fleet has learned cannot be read now: {Reason}; arrivals are estimated without what is new")]
    private partial void LogFailed(string reason);
}
