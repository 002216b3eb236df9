using ArtMqtt.Spool;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>Keeps the spool within its bounds: of size when something is added, of age while nothing can be sent.</summary>
internal sealed partial class SpoolRoom(
    PublisherOptions options, ISpool spool, Preparation preparation, PublisherCounts counts, TimeProvider time, ILogger logger)
{
    // What a record takes besides its bytes, and some more.
    private const int Slack = 1 << 10;
    private const int AtOnce = 100;

    private static readonly TimeSpan _longestLook = TimeSpan.FromSeconds(1);

    private bool _isDropping;

    /// <summary>Makes room for a record; false when it is the record that gives way.</summary>
    public async ValueTask<bool> MakeAsync(int length, CancellationToken cancellationToken)
    {
        // First, so that what is acknowledged meanwhile makes it smaller, never larger.
        var acknowledged = spool.Acknowledged;
        var status = spool.Status;
        if (options.WhenFull == SpoolPolicy.DropNewest && IsFull(status, length))
        {
            counts.AddDropped(1);
            if (!_isDropping)
            {
                LogDropsNewest(options.DeviceId);
            }

            return !(_isDropping = true);
        }

        _isDropping = false;
        while (options.WhenFull == SpoolPolicy.DropOldest && status.Records > 1 && IsFull(status, length))
        {
            // A hundredth at a time: not every position of a long outage has to make room for itself.
            var count = Math.Max(1, status.Records / 100);
            await spool.AcknowledgeAsync(acknowledged + count, cancellationToken);
            counts.AddDropped(count);
            LogDropped(options.DeviceId, count);
            (acknowledged, status) = (spool.Acknowledged, spool.Status);
        }

        return true;
    }

    /// <summary>Gives up what became too old. Only while nobody else reads the spool.</summary>
    public async ValueTask ExpireAsync(CancellationToken cancellationToken)
    {
        if (options.MaxAge == TimeSpan.MaxValue)
        {
            return;
        }

        using var window = new CancellationTokenSource(_longestLook, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, window.Token);
        try
        {
            while (spool.Status.Records > 0)
            {
                var batch = await spool.ReadAsync(spool.Acknowledged, AtOnce, either.Token);
                var count = batch.Records.TakeWhile(record => IsTooOld(record.Span)).Count();
                if (count == 0)
                {
                    return;
                }

                await spool.AcknowledgeAsync(batch.First + count - 1, cancellationToken);
                for (var i = 0; i < count; i++)
                {
                    counts.AddGivenUp(PreparationVerdict.TooOld);
                }

                LogExpired(options.DeviceId, count);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Damaged: whoever delivers it finds out.
        }
    }

    private static bool IsFull(in SpoolStatus status, int length) => status.Bytes + length + Slack > status.CapacityBytes;

    private bool IsTooOld(ReadOnlySpan<byte> record) =>
        SpooledPublish.TryDecode(record, out var publish) && preparation.Prepare(ref publish) == PreparationVerdict.TooOld;

    [LoggerMessage(LogLevel.Error, "The spool of {DeviceId} is full; its oldest {Count} positions were given up")]
    private partial void LogDropped(string deviceId, long count);

    [LoggerMessage(LogLevel.Error, "The spool of {DeviceId} is full; new positions are given up")]
    private partial void LogDropsNewest(string deviceId);

    [LoggerMessage(LogLevel.Warning, "{Count} positions of {DeviceId} became too old before they could be sent; they were given up")]
    private partial void LogExpired(string deviceId, int count);
}
