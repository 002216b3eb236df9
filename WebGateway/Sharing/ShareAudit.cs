using System.Threading.Channels;
using ArtMqtt.Store;
using ArtMqtt.Store.Sharing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>
/// Writes down who opened a shared link. Watching does not wait for it: while the database is away, up to 1,000 openings
/// wait here, and one more is lost and counted.
/// </summary>
internal sealed partial class ShareAudit(
    ShareRepository shares, IOptions<SharingOptions> options, SharingMetrics metrics, TimeProvider time,
    ILogger<ShareAudit> logger) : BackgroundService
{
    private const int Capacity = 1_000;
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly Channel<ShareOpening> _waiting = Channel.CreateBounded<ShareOpening>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>What will be written when the link is opened with this call.</summary>
    public ShareOpening Describe(uint shareId, HttpContext http, string way) => new(
        shareId, time.GetUtcNow(), VisitorAddress.Of(http.Connection.RemoteIpAddress, options.Value.FullAddresses),
        VisitorAgent.Of(http.Request.Headers.UserAgent.ToString()), way);

    /// <summary>It was opened.</summary>
    public void Write(ShareOpening opening)
    {
        metrics.Opened();
        if (!_waiting.Writer.TryWrite(opening))
        {
            metrics.OpenLost();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var opening in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            while (!await TryRecordAsync(opening, stoppingToken))
            {
                await Task.Delay(_pause, time, stoppingToken);
            }
        }
    }

    private async Task<bool> TryRecordAsync(ShareOpening opening, CancellationToken cancellationToken)
    {
        try
        {
            await shares.RecordAsync(opening, options.Value.MaxOpens, cancellationToken);
            return true;
        }
        catch (Exception e) when (StoreErrors.IsOutage(e))
        {
            LogWaits(StoreFailure.Describe(e));
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Who opened shared links is not written down yet ({Reason}); trying again")]
    private partial void LogWaits(string reason);
}
