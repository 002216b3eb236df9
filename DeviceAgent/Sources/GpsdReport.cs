using System.Globalization;
using System.Text;
using System.Text.Json;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>One line of gpsd's JSON protocol. Members of a wrong kind count as missing.</summary>
internal sealed class GpsdReport : IDisposable
{
    /// <summary>The command that turns reports on.</summary>
    public const string Watch = "?WATCH={\"enable\":true,\"json\":true};\n";

    // gpsd guesses a radius of 95 %; ours holds 68 %. Rayleigh: 1.51 σ to 2.45 σ.
    private const double OneOf95Percent = 0.617;

    private readonly JsonDocument _document;

    private GpsdReport(JsonDocument document) => _document = document;

    /// <summary><c>TPV</c>, <c>SKY</c>, <c>DEVICE</c> and others.</summary>
    public string? Class => Text("class");

    /// <summary>The receiver it is about.</summary>
    public string? Device => Text("device") ?? Text("path");

    /// <summary>TPV: whether there is a solution, of two dimensions at least.</summary>
    public bool HasFix => Number("mode") is >= 2 && Number("lat") is not null && Number("lon") is not null;

    /// <summary>DEVICE: whether gpsd lost it.</summary>
    public bool IsGone => Number("activated") is 0
        || (_document.RootElement.TryGetProperty("activated", out var at) && at.ValueKind == JsonValueKind.Null);

    /// <summary>TPV: time of the fix.</summary>
    public DateTimeOffset? Time => DateTimeOffset.TryParse(
        Text("time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out var time)
        ? time
        : null;

    /// <summary>Reads a line; null when it is no JSON object.</summary>
    public static GpsdReport? Parse(string line)
    {
        try
        {
            var document = JsonDocument.Parse(Encoding.Latin1.GetBytes(line));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new GpsdReport(document);
            }

            document.Dispose();
        }
        catch (JsonException)
        {
            // A torn line.
        }

        return null;
    }

    /// <summary>TPV with a fix: the position at a time, or false when its numbers cannot be.</summary>
    public bool TryBuild(DateTimeOffset time, out Position position)
    {
        var error = Number("eph") ?? (Number("epx") is { } x && Number("epy") is { } y ? Math.Sqrt((x * x) + (y * y)) : null);
        position = FixBuilder.Build(
            Number("lat")!.Value, Number("lon")!.Value, time, Number("speed"), Number("track"), null,
            Number("altMSL") ?? Number("alt")) with
        {
            Accuracy = error is >= 0 and <= PositionRules.MaxAccuracy ? (float)(error * OneOf95Percent) : null,
        };
        return PositionRules.IsValid(position, out _);
    }

    /// <summary>SKY: satellites in view, and used.</summary>
    public (int InView, int Used) Satellites()
    {
        if (!_document.RootElement.TryGetProperty("satellites", out var all) || all.ValueKind != JsonValueKind.Array)
        {
            return (Count("nSat"), Count("uSat"));
        }

        var used = all.EnumerateArray().Count(s => s.ValueKind == JsonValueKind.Object
            && s.TryGetProperty("used", out var u) && u.ValueKind == JsonValueKind.True);
        return (all.GetArrayLength(), used);
    }

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();

    private int Count(string name) => Number(name) is >= 0 and < 1000 and var count ? (int)count : 0;

    private double? Number(string name) =>
        _document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : null;

    private string? Text(string name)
    {
        if (!_document.RootElement.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Not UTF-8, or half a character.
            return null;
        }
    }
}
