using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>
/// Makes fixes of lines: the sentences of one moment become one. No line can make it fail: what is void, damaged or
/// foreign is counted.
/// </summary>
/// <param name="counts">Is told what became of the lines.</param>
/// <param name="allowMissingChecksum">Whether sentences without a checksum are believed.</param>
/// <param name="missing">Gives fixes without a date a time; null: they are left out.</param>
internal sealed class NmeaAssembler(SourceCounts counts, bool allowMissingChecksum, MissingTime? missing = null)
{
    private readonly NmeaCalendar _calendar = new();
    private readonly NmeaSky _sky = new(counts);
    private NmeaEpoch? _epoch;
    private TimeSpan? _flushed;

    /// <summary>Adds a line.</summary>
    /// <returns>Whether it ended a moment that has a fix.</returns>
    public bool Add(string line, out Position position)
    {
        position = default;
        counts.Read++;
        if (Parse(line) is not { } sentence)
        {
            return false;
        }

        _sky.See(sentence);
        if (sentence.TimeField is not { } field)
        {
            _epoch?.Add(sentence);
            return false;
        }

        CountVoid(sentence);
        if (sentence.TimeOfDay(field) is not { } time)
        {
            CountInvalid(sentence);
            return false;
        }

        if (_epoch is null && time == _flushed)
        {
            // The fix is on its way already; a second one of the same moment would say less.
            return false;
        }

        var isEnd = _epoch is not null && _epoch.Time != time && TryClose(out position);
        _epoch ??= new NmeaEpoch(time);
        _epoch.Add(sentence);
        return isEnd;
    }

    /// <summary>Nothing more will come for the moment that is open.</summary>
    /// <returns>Whether it has a fix.</returns>
    public bool Flush(out Position position)
    {
        position = default;
        if (_epoch is null)
        {
            return false;
        }

        _flushed = _epoch.Time;
        return TryClose(out position);
    }

    private NmeaSentence? Parse(string line)
    {
        switch (NmeaSentence.Parse(line, out var sentence))
        {
            case NmeaLine.WithoutChecksum:
                counts.ChecksumMissing++;
                return allowMissingChecksum ? sentence : null;
            case NmeaLine.ChecksumWrong:
                counts.ChecksumWrong++;
                return null;
            case NmeaLine.Foreign:
                counts.Foreign++;
                return null;
            case NmeaLine.Garbage:
                counts.Garbage++;
                return null;
            default:
                return sentence;
        }
    }

    private void CountVoid(NmeaSentence sentence)
    {
        if (sentence.Type == "RMC" && sentence[2] != "A")
        {
            counts.VoidRmc++;
        }
        else if (sentence.Type == "GGA" && sentence.Number(6) is not > 0)
        {
            counts.VoidGga++;
        }
    }

    private void CountInvalid(NmeaSentence sentence)
    {
        // A receiver without a solution often has no time either: that is a void, not a damaged sentence.
        if ((sentence.Type == "RMC" && sentence[2] == "A") || (sentence.Type == "GGA" && sentence.Number(6) > 0))
        {
            counts.Invalid++;
        }
    }

    private bool TryClose(out Position position)
    {
        position = default;
        var epoch = _epoch!;
        _epoch = null;
        var date = _calendar.DateOf(epoch.Time, epoch.Date);
        if (!epoch.IsValid)
        {
            return false;
        }

        var given = date is null ? missing?.Give() : null;
        if (date is null && given is null)
        {
            counts.WithoutTime++;
            return false;
        }

        if (!epoch.TryBuild(date ?? DateOnly.FromDateTime(given!.Value.UtcDateTime), out position))
        {
            counts.Invalid++;
            return false;
        }

        position = given is { } time ? position with { FixTime = time } : position;
        if (given is null)
        {
            missing?.Told();
        }

        return true;
    }
}
