using System.Globalization;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>What a line of an NMEA 0183 log is.</summary>
internal enum NmeaLine
{
    /// <summary>A sentence of a talker, checksum right.</summary>
    Sentence,

    /// <summary>A sentence of a talker, without a checksum.</summary>
    WithoutChecksum,

    /// <summary>Begins like a sentence, but its checksum does not match.</summary>
    ChecksumWrong,

    /// <summary>AIS (<c>!</c>) or proprietary (<c>$P</c>).</summary>
    Foreign,

    /// <summary>Anything else: comments, binary, torn lines.</summary>
    Garbage,
}

/// <summary>One sentence of any talker, for example <c>$GNRMC,…*5A</c>: its type (<c>RMC</c>) and its fields.</summary>
internal sealed class NmeaSentence
{
    private readonly string[] _fields;

    private NmeaSentence(string talker, string type, string[] fields) =>
        (Talker, Type, _fields) = (talker, type, fields);

    /// <summary>Two letters: <c>GP</c> GPS, <c>GL</c> GLONASS, <c>GA</c> Galileo, <c>GB</c> BeiDou, <c>GN</c> several.</summary>
    public string Talker { get; }

    /// <summary>Three letters, without the talker.</summary>
    public string Type { get; }

    /// <summary>Number of the field that holds the time of day; null for types that tell none.</summary>
    public int? TimeField => Type switch
    {
        "RMC" or "GGA" or "ZDA" => 1,
        "GLL" => 5,
        _ => null,
    };

    /// <summary>A field by its number in the standard (0 is the address), empty when it is not there.</summary>
    public string this[int field] => field < _fields.Length ? _fields[field] : "";

    /// <summary>Reads a line; the sentence is set for the first two kinds only.</summary>
    public static NmeaLine Parse(ReadOnlySpan<char> line, out NmeaSentence? sentence)
    {
        sentence = null;
        // A torn line is followed by a whole one: the last start counts.
        var start = line.LastIndexOfAny('$', '!');
        if (start < 0)
        {
            return NmeaLine.Garbage;
        }

        var body = line[(start + 1)..].TrimEnd();
        var star = body.LastIndexOf('*');
        if (star >= 0 && !ChecksumMatches(body[..star], body[(star + 1)..]))
        {
            return NmeaLine.ChecksumWrong;
        }

        if (line[start] == '!' || body.StartsWith("P"))
        {
            return NmeaLine.Foreign;
        }

        var text = star >= 0 ? body[..star] : body;
        var address = text[..(text.IndexOf(',') is var comma && comma >= 0 ? comma : text.Length)];
        if (address.Length != 5 || address.ContainsAnyExceptInRange('A', 'Z'))
        {
            return NmeaLine.Garbage;
        }

        sentence = new NmeaSentence(address[..2].ToString(), address[2..].ToString(), text.ToString().Split(','));
        return star >= 0 ? NmeaLine.Sentence : NmeaLine.WithoutChecksum;
    }

    /// <summary>A number without sign or exponent, or with a leading minus; null when empty or no number.</summary>
    public double? Number(int field) => double.TryParse(
        this[field], NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
        out var value) && double.IsFinite(value)
        ? value
        : null;

    /// <summary>Degrees from <c>ddmm.mmmm,N</c> or <c>dddmm.mmmm,E</c>; null when it is none.</summary>
    public double? Angle(int field, char positive, char negative)
    {
        if (this[field] is not [not '-', ..] || this[field + 1] is not [var side]
            || (side != positive && side != negative) || Number(field) is not { } value)
        {
            return null;
        }

        var degrees = Math.Floor(value / 100);
        var minutes = value - (degrees * 100);
        return minutes < 60 ? (degrees + (minutes / 60)) * (side == positive ? 1 : -1) : null;
    }

    /// <summary>Time of day from <c>hhmmss.sss</c>; null when it is none. A leap second counts into the next minute.</summary>
    public TimeSpan? TimeOfDay(int field)
    {
        var text = this[field];
        if (text.Length < 6 || Digits(text, 0) is not (>= 0 and < 24 and var hours)
            || Digits(text, 2) is not (>= 0 and < 60 and var minutes)
            || !double.TryParse(
                text[4..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            // "NaN" and "Infinity" are numbers to .NET, whatever the style.
            || seconds is not (>= 0 and < 61))
        {
            return null;
        }

        return new TimeSpan(hours, minutes, 0) + TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
    }

    /// <summary>Date from RMC's <c>ddmmyy</c>: 80 to 99 are 19xx, the rest 20xx; null when it is none.</summary>
    public DateOnly? ShortDate(int field)
    {
        var text = this[field];
        return text.Length == 6 && Digits(text, 4) is >= 0 and var year
            ? Date(year + (year >= 80 ? 1900 : 2000), Digits(text, 2), Digits(text, 0))
            : null;
    }

    /// <summary>Date from ZDA's three fields; null when it is none.</summary>
    public DateOnly? LongDate(int field) =>
        Number(field) is { } day && Number(field + 1) is { } month && Number(field + 2) is { } year
            ? Date((int)year, (int)month, (int)day)
            : null;

    private static DateOnly? Date(int year, int month, int day) =>
        year is >= 1980 and <= 2999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateOnly(year, month, day)
            : null;

    private static int Digits(string text, int at) =>
        char.IsAsciiDigit(text[at]) && char.IsAsciiDigit(text[at + 1])
            ? ((text[at] - '0') * 10) + (text[at + 1] - '0')
            : -1;

    private static bool ChecksumMatches(ReadOnlySpan<char> body, ReadOnlySpan<char> digits)
    {
        var sum = 0;
        foreach (var c in body)
        {
            sum ^= c;
        }

        return digits.Length == 2
            && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var expected)
            && sum == expected;
    }
}
