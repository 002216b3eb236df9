using ArtMqtt.Spool;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Intake;

/// <summary>Appends to the spool with a time limit: a full or failing spool is an answer, not an exception.</summary>
internal sealed partial class SpoolGate(
    ISpool spool, IOptions<BrokerOptions> options, TimeProvider time, BrokerMetrics metrics, ILogger<SpoolGate> logger)
{
    private readonly SharedDeadline _deadline = new(options.Value.AppendTimeout, time);
    private readonly LogLimiter _limiter = new(TimeSpan.FromSeconds(10), time);

    /// <summary>Appends a record; false when it did not become durable in time.</summary>
    public async ValueTask<bool> TryAppendAsync(ReadOnlyMemory<byte> record, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var deadline = _deadline.Token;
        using var either = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(deadline, cancellationToken)
            : null;
        try
        {
            await spool.AppendAsync(record, either?.Token ?? deadline);
            metrics.Appended(time.GetElapsedTime(started));
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            metrics.AppendFailed("full");
            if (_limiter.MayLog(out var hidden))
            {
                LogFull(options.Value.AppendTimeout, spool.Status.Bytes, spool.Status.CapacityBytes, hidden);
            }

            return false;
        }
        catch (Exception e) when (e is SpoolFailedException or ObjectDisposedException)
        {
            metrics.AppendFailed("failed");
            if (_limiter.MayLog(out var hidden))
            {
                LogFailed(e, hidden);
            }

            return false;
        }
    }

    [LoggerMessage(LogLevel.Error,
        "The spool took nothing for {Timeout}: {Bytes} of {Capacity} bytes wait. Positions are not acknowledged ({Hidden} times more)")]
    private partial void LogFull(TimeSpan timeout, long bytes, long capacity, long hidden);

    [LoggerMessage(LogLevel.Error, "The spool failed. Positions are not acknowledged ({Hidden} times more)")]
    private partial void LogFailed(Exception exception, long hidden);
}
