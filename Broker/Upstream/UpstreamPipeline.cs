using System.Threading.Channels;
using ArtMqtt.Broker.Intake;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Broker.Upstream;

/// <summary>
/// The messages of one connection, from their arrival to their acknowledgement: taken side by side, so that they share group
/// commits, and acknowledged in the order in which they came. What cannot be kept now is tried again, and nothing behind it is
/// acknowledged before.
/// </summary>
/// <remarks>
/// Without a bound of its own: what waits for acknowledgement is bounded by the window that the upstream broker keeps to,
/// and of what does not, only so many are taken.
/// </remarks>
internal sealed partial class UpstreamPipeline(
    UpstreamIntake intake, LivePublisher live, UpstreamMetrics metrics, int maxUnpromised, TimeProvider time, LogLimiter limiter,
    ILogger logger)
{
    // The spool itself waits for room longer than this; it is for those that fail at once.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    private readonly Channel<Taken> _taken = Channel.CreateUnbounded<Taken>(new UnboundedChannelOptions { SingleReader = true });
    private int _unpromised;
    private volatile bool _isEnded;

    /// <summary>Begins to take a message; call in the order in which they come.</summary>
    /// <param name="message">What came.</param>
    /// <param name="acknowledge">Sends its acknowledgement.</param>
    public void Begin(UpstreamMessage message, Func<CancellationToken, Task> acknowledge)
    {
        if (_isEnded)
        {
            // It is not acknowledged, so it comes again.
            return;
        }

        metrics.Received();
        if (!message.IsPromised && Interlocked.Increment(ref _unpromised) > maxUnpromised)
        {
            Interlocked.Decrement(ref _unpromised);
            metrics.Dropped();
            return;
        }

        _taken.Writer.TryWrite(new Taken(message, intake.TakeAsync(message, CancellationToken.None), acknowledge));
    }

    /// <summary>Nothing more is begun; <see cref="RunAsync"/> ends with what was.</summary>
    public void End()
    {
        _isEnded = true;
        _taken.Writer.TryComplete();
    }

    /// <summary>Acknowledges until the end.</summary>
    /// <param name="lost">When it is cancelled nothing can be acknowledged any more.</param>
    public async Task RunAsync(CancellationToken lost)
    {
        await foreach (var taken in _taken.Reader.ReadAllAsync(CancellationToken.None))
        {
            var result = await KeepAsync(taken, lost);
            if (result.Live is { } location)
            {
                live.Offer(result.RequestId, location);
            }

            await AnswerAsync(taken, result, lost);
        }
    }

    private async Task<IntakeResult> KeepAsync(Taken taken, CancellationToken lost)
    {
        var result = await taken.Result;
        for (var attempt = 1; result.Code == IntakeCode.Unavailable && taken.Message.IsPromised && !lost.IsCancellationRequested; attempt++)
        {
            // At once first: what held up the one before may be over, and then a whole window is to be taken again.
            if (attempt > 1)
            {
                await Task.Delay(_pause, time, lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            else
            {
                metrics.Held();
            }

            if (limiter.MayLog(out var hidden))
            {
                LogHeld(result.Detail, hidden);
            }

            result = lost.IsCancellationRequested ? result : await intake.TakeAsync(taken.Message, CancellationToken.None);
        }

        return result;
    }

    private async Task AnswerAsync(Taken taken, IntakeResult result, CancellationToken lost)
    {
        if (result.ErrorCode is { } code)
        {
            metrics.Refused(code);
        }

        if (!taken.Message.IsPromised)
        {
            Interlocked.Decrement(ref _unpromised);
            if (result.Code == IntakeCode.Unavailable)
            {
                metrics.Dropped();
            }
        }
        else if (result.Code != IntakeCode.Unavailable && !lost.IsCancellationRequested)
        {
            await taken.Acknowledge(lost);
            metrics.Acknowledged();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Messages of the upstream broker are not acknowledged: {Detail} ({Hidden} times more)")]
    private partial void LogHeld(string? detail, long hidden);

    private readonly record struct Taken(
        UpstreamMessage Message, ValueTask<IntakeResult> Result, Func<CancellationToken, Task> Acknowledge);
}
