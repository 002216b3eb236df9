using System.Runtime.CompilerServices;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Clocks;
using ArtMqtt.DeviceAgent.Sources.Inputs;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>
/// The fixes of gpsd, of one receiver at a time: the one asked for, or else the first that has a fix, until it goes away
/// or is silent for some time while another one is not.
/// </summary>
/// <param name="host">Where gpsd runs.</param>
/// <param name="port">Its TCP port, 2947 by default.</param>
/// <param name="device">The receiver to follow, for example <c>/dev/ttyUSB0</c>; null: any.</param>
/// <param name="time">Clock of this machine.</param>
/// <param name="logger">Is told when gpsd or a receiver comes and goes.</param>
/// <param name="missing">Gives fixes of receivers that tell no time one; null: they are left out.</param>
internal sealed partial class GpsdSource(
    string host, int port, string? device, TimeProvider time, ILogger logger, MissingTime? missing = null) : IFixSource
{
    // A SKY report has about 100 characters for each of up to 100 satellites.
    private const int MaxLine = 32 << 10;

    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(10);

    private readonly WeekRollover _rollover = new(time);
    private string? _first;
    private long _heard;

    /// <inheritdoc/>
    public SourceCounts Counts { get; } = new();

    private string? Followed => device ?? _first;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Position> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lines = new ReceiverLines(
            new TcpInput(host, port, GpsdReport.Watch), MaxLine, time, logger);
        await foreach (var line in lines.ReadAsync(cancellationToken))
        {
            if (line is not null && TryTake(line, out var position))
            {
                Counts.Fixes++;
                yield return _rollover.Correct(position);
            }
        }
    }

    /// <summary>Takes one line of gpsd.</summary>
    /// <returns>Whether it holds a fix of the receiver that is followed.</returns>
    internal bool TryTake(string line, out Position position)
    {
        position = default;
        Counts.Read++;
        using var report = GpsdReport.Parse(line);
        switch (report?.Class)
        {
            case null:
                Counts.Garbage++;
                return false;
            case "TPV":
                return TryTakeFix(report, out position);
            case "SKY" when Follows(report.Device):
                (Counts.SatellitesInView, Counts.SatellitesUsed) = report.Satellites();
                return false;
            case "DEVICE":
                TakeDevice(report);
                return false;
            default:
                return false;
        }
    }

    private bool TryTakeFix(GpsdReport report, out Position position)
    {
        position = default;
        if (!report.HasFix)
        {
            Counts.NoFix++;
            return false;
        }

        if (!Follows(report.Device))
        {
            return false;
        }

        // Before GPS there was none: such a time is that of a clock that starts at 0.
        var told = report.Time is { } at && !BootClock.IsSinceBoot(at) ? report.Time : null;
        if ((told ?? missing?.Give()) is not { } fixTime)
        {
            Counts.WithoutTime++;
            return false;
        }

        if (told is not null)
        {
            missing?.Told();
        }

        if (!report.TryBuild(fixTime, out position))
        {
            Counts.Invalid++;
            return false;
        }

        if (Followed is null && report.Device is not null)
        {
            LogFollowed(report.Device);
            _first = report.Device;
        }

        _heard = time.GetTimestamp();
        return true;
    }

    // Two receivers would make a vehicle that jumps between two places.
    private bool Follows(string? name) =>
        Followed is null || name is null || name == Followed || (device is null && LetGo());

    private bool LetGo()
    {
        if (time.GetElapsedTime(_heard) < _silence)
        {
            return false;
        }

        _first = null;
        return true;
    }

    private void TakeDevice(GpsdReport report)
    {
        if (!report.IsGone || report.Device is null || report.Device != Followed)
        {
            return;
        }

        LogGone(report.Device);
        (Counts.SatellitesInView, Counts.SatellitesUsed) = (0, 0);
        _first = null;
    }

    [LoggerMessage(LogLevel.Information, "Following the receiver {Device} of gpsd")]
    private partial void LogFollowed(string device);

    [LoggerMessage(LogLevel.Warning, "gpsd has lost the receiver {Device}; waiting for it, or for another one")]
    private partial void LogGone(string device);
}
