using System.Runtime.CompilerServices;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>
/// The fixes of an NMEA 0183 log, one per moment, from RMC, GGA, VTG, GSA and ZDA of any talker. No line can make it
/// fail: what is void, damaged or foreign is counted.
/// </summary>
/// <param name="path">A log with one sentence per line, whatever stands in between.</param>
/// <param name="allowMissingChecksum">Whether sentences without a checksum are believed.</param>
internal sealed class NmeaSource(string path, bool allowMissingChecksum) : IFixSource
{
    /// <inheritdoc/>
    public SourceCounts Counts { get; } = new();

    /// <inheritdoc/>
    public async IAsyncEnumerable<Position> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var file = Open(path);
        var calendar = new NmeaCalendar();
        NmeaEpoch? epoch = null;
        await foreach (var line in LogLines.ReadAsync(file, cancellationToken))
        {
            Counts.Read++;
            if (Parse(line) is not { } sentence)
            {
                continue;
            }

            var isTimed = sentence.Type is "RMC" or "GGA" or "ZDA";
            if (!isTimed)
            {
                epoch?.Add(sentence);
                continue;
            }

            CountVoid(sentence);
            if (sentence.TimeOfDay(1) is not { } time)
            {
                CountInvalid(sentence);
                continue;
            }

            if (epoch is not null && epoch.Time != time)
            {
                if (TryClose(epoch, calendar, out var position))
                {
                    yield return position;
                }

                epoch = null;
            }

            epoch ??= new NmeaEpoch(time);
            epoch.Add(sentence);
        }

        if (epoch is not null && TryClose(epoch, calendar, out var last))
        {
            yield return last;
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, useAsync: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"{path}: {e.Message}", e);
        }
    }

    private NmeaSentence? Parse(string line)
    {
        switch (NmeaSentence.Parse(line, out var sentence))
        {
            case NmeaLine.WithoutChecksum:
                Counts.ChecksumMissing++;
                return allowMissingChecksum ? sentence : null;
            case NmeaLine.ChecksumWrong:
                Counts.ChecksumWrong++;
                return null;
            case NmeaLine.Foreign:
                Counts.Foreign++;
                return null;
            case NmeaLine.Garbage:
                Counts.Garbage++;
                return null;
            default:
                return sentence;
        }
    }

    private void CountVoid(NmeaSentence sentence)
    {
        if (sentence.Type == "RMC" && sentence[2] != "A")
        {
            Counts.VoidRmc++;
        }
        else if (sentence.Type == "GGA" && sentence.Number(6) is not > 0)
        {
            Counts.VoidGga++;
        }
    }

    private void CountInvalid(NmeaSentence sentence)
    {
        // A receiver without a solution often has no time either: that is a void, not a damaged sentence.
        if ((sentence.Type == "RMC" && sentence[2] == "A") || (sentence.Type == "GGA" && sentence.Number(6) > 0))
        {
            Counts.Invalid++;
        }
    }

    private bool TryClose(NmeaEpoch epoch, NmeaCalendar calendar, out Position position)
    {
        position = default;
        var date = calendar.DateOf(epoch.Time, epoch.Date);
        if (!epoch.IsValid)
        {
            return false;
        }

        if (date is null)
        {
            Counts.WithoutTime++;
            return false;
        }

        if (!epoch.TryBuild(date.Value, out position))
        {
            Counts.Invalid++;
            return false;
        }

        Counts.Fixes++;
        return true;
    }
}
