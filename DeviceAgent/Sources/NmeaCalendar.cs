namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>
/// Finds the date of epochs that do not tell it: the last one told, and the day after when the time of day falls by
/// more than half a day. Dates that are told are passed through, right or wrong (a receiver after a GPS week rollover).
/// </summary>
internal sealed class NmeaCalendar
{
    private static readonly TimeSpan _halfDay = TimeSpan.FromHours(12);

    private DateOnly? _date;
    private TimeSpan _time;

    /// <summary>The date of an epoch, or null while no sentence has told any.</summary>
    public DateOnly? DateOf(TimeSpan time, DateOnly? told)
    {
        if (told is not null)
        {
            _date = told;
        }
        else if (_date is { } date)
        {
            var crossed = _time - time > _halfDay ? 1 : time - _time > _halfDay && date > DateOnly.MinValue ? -1 : 0;
            _date = date.AddDays(crossed);
        }

        _time = time;
        return _date;
    }
}
