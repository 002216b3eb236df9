using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Sources;

namespace ArtMqtt.DeviceAgent.Replay;

/// <summary>Publishes the fixes of a recording when they are due.</summary>
internal sealed class Replayer(
    IFixSource source, ReplaySpeed speed, bool keepsTimes, TimeProvider time,
    Func<Position, CancellationToken, ValueTask> publish)
{
    /// <summary>One pass over the recording.</summary>
    /// <returns>How many fixes were published.</returns>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var (first, start) = await FindStartAsync(cancellationToken);
        var clock = new ReplayClock(first, start, speed, keepsTimes);
        var published = 0L;
        await foreach (var fix in source.ReadAsync(cancellationToken))
        {
            var wait = clock.DueAt(fix) - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }

            await publish(clock.Rebase(fix), cancellationToken);
            published++;
        }

        return published;
    }

    /// <summary>
    /// The first fix is "now". At full speed there is no waiting, so the whole recording is moved to end now instead:
    /// a position from the future would be taken for a wrong clock.
    /// </summary>
    private async Task<(DateTimeOffset First, DateTimeOffset Start)> FindStartAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? first = null;
        var last = DateTimeOffset.MinValue;
        await foreach (var fix in source.ReadAsync(cancellationToken))
        {
            first ??= fix.FixTime;
            last = fix.FixTime > last ? fix.FixTime : last;
            if (!speed.IsMax)
            {
                break;
            }
        }

        source.Counts.Reset();
        var now = time.GetUtcNow();
        return first is null ? (now, now) : (first.Value, speed.IsMax ? now - (last - first.Value) : now);
    }
}
