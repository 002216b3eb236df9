using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Clocks;
using ArtMqtt.DeviceAgent.Filtering;
using ArtMqtt.DeviceAgent.Sources;
using ArtMqtt.Spool;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Running;

/// <summary>Takes fixes from the receiver and keeps those that are worth it.</summary>
/// <param name="source">The receiver.</param>
/// <param name="filter">Says which are worth it.</param>
/// <param name="keep">Keeps one.</param>
/// <param name="clock">Is told by fixes what time it is.</param>
/// <param name="time">Measures the wait for a disk that fails.</param>
/// <param name="logger">Is told when the disk fails.</param>
internal sealed partial class FixPump(
    IFixSource source, FixFilter filter, Func<Position, CancellationToken, ValueTask> keep, BootClock clock,
    TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan _wait = TimeSpan.FromSeconds(1);

    private DeviceControl? _control;
    private DeviceControl? _applied;
    private LastSeen? _last;

    // A class, so that another thread never sees half of one.
    private sealed record LastSeen(Position Fix);

    /// <summary>The last fix, whether it was kept or not; null before the first.</summary>
    public Position? Last => Volatile.Read(ref _last)?.Fix;

    /// <summary>What the server wishes; applies to the next fix. May be called by any thread.</summary>
    public void Adjust(DeviceControl? control) => Volatile.Write(ref _control, control);

    /// <summary>Runs until the source ends or it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var fix in source.ReadAsync(cancellationToken))
        {
            clock.Learn(fix.FixTime);
            Volatile.Write(ref _last, new LastSeen(fix));
            if (Volatile.Read(ref _control) is var control && control != _applied)
            {
                filter.Adjust(control);
                _applied = control;
                LogAdjusted(control?.IntervalMs, control?.MinDisplacementM);
            }

            if (filter.Judge(fix) == FilterVerdict.Kept)
            {
                await KeepAsync(fix, cancellationToken);
            }
        }
    }

    // A full or failing disk: the fix waits, and those behind it where they come from.
    private async Task KeepAsync(Position fix, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await keep(fix, cancellationToken);
                return;
            }
            catch (SpoolFailedException e)
            {
                LogNotKept(e);
                await Task.Delay(_wait, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "The server asks for a position every {IntervalMs} ms or {Metres} m")]
    private partial void LogAdjusted(long? intervalMs, int? metres);

    [LoggerMessage(LogLevel.Error, "A position cannot be kept; trying again every second")]
    private partial void LogNotKept(Exception exception);
}
