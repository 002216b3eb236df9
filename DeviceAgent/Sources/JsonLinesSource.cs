using System.Runtime.CompilerServices;
using System.Text;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Clocks;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>
/// Positions another program writes, one JSON object or array a line, with the members of the wire format
/// (<c>{"lat":…,"lng":…,"timestamp":…}</c>).
/// </summary>
internal sealed class JsonLinesSource(IReceiverInput input, TimeProvider time, ILogger logger) : IFixSource
{
    private const int MaxLine = 64 << 10;
    private const int MaxPositions = 1000;

    /// <inheritdoc/>
    public SourceCounts Counts { get; } = new();

    /// <inheritdoc/>
    public async IAsyncEnumerable<Position> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var positions = new List<Position>();
        await foreach (var line in new ReceiverLines(input, MaxLine, time, logger).ReadAsync(cancellationToken))
        {
            if (line is null)
            {
                continue;
            }

            Counts.Read++;
            if (!PositionCodec.TryDecode(
                Encoding.Latin1.GetBytes(line), PositionCodec.JsonContentType, MaxPositions, positions, out _))
            {
                Counts.Invalid++;
                continue;
            }

            foreach (var position in positions)
            {
                if (BootClock.IsSinceBoot(position.FixTime))
                {
                    // Before GPS there was none: the other program's clock starts at 0.
                    Counts.WithoutTime++;
                    continue;
                }

                Counts.Fixes++;
                yield return position;
            }
        }
    }
}
