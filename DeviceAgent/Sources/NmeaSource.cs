using System.Runtime.CompilerServices;
using ArtMqtt.Contracts.Positions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>
/// The fixes of an NMEA 0183 receiver or log, one per moment, from RMC, GGA, GLL, VTG, GSA, GSV and ZDA of any talker.
/// </summary>
/// <param name="input">Lines with one sentence each, whatever stands in between.</param>
/// <param name="allowMissingChecksum">Whether sentences without a checksum are believed.</param>
/// <param name="time">Clock of this machine.</param>
/// <param name="logger">Is told when the receiver comes and goes.</param>
/// <param name="missing">Gives fixes of receivers that tell no date a time; null: they are left out.</param>
internal sealed class NmeaSource(
    IReceiverInput input, bool allowMissingChecksum, TimeProvider time, ILogger logger, MissingTime? missing = null)
    : IFixSource
{
    // A sentence has at most 82.
    private const int MaxLine = 1024;

    private readonly WeekRollover? _rollover = input.IsLive ? new WeekRollover(time) : null;

    /// <summary>A recording.</summary>
    public NmeaSource(string path, bool allowMissingChecksum)
        : this(new Inputs.FileInput(path), allowMissingChecksum, TimeProvider.System, NullLogger.Instance)
    {
    }

    /// <inheritdoc/>
    public SourceCounts Counts { get; } = new();

    /// <inheritdoc/>
    public async IAsyncEnumerable<Position> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var assembler = new NmeaAssembler(Counts, allowMissingChecksum, missing);
        var lines = new ReceiverLines(input, MaxLine, time, logger);
        await foreach (var line in lines.ReadAsync(cancellationToken))
        {
            if (line is null ? assembler.Flush(out var position) : assembler.Add(line, out position))
            {
                Counts.Fixes++;
                yield return _rollover?.Correct(position) ?? position;
            }
        }
    }
}
