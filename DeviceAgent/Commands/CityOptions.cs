using System.CommandLine;
using System.Globalization;
using ArtMqtt.DeviceAgent.Simulation;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary>Where the simulated city is: the same options give the same streets to every verb.</summary>
internal sealed class CityOptions
{
    private readonly Option<string> _at = new("--at", "--city") { Description = "LAT,LNG of the centre", Required = true };

    /// <summary>Seed of everything that is made up.</summary>
    public Option<int> Seed { get; } = new("--seed")
    {
        Description = "number that the streets and the traffic are made from",
        DefaultValueFactory = _ => 1,
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        _at.Validators.Add(result =>
        {
            if (!TryParse(result.GetValueOrDefault<string>(), out _, out _))
            {
                result.AddError("--at must be LAT,LNG in degrees, for example 48.137,11.575.");
            }
        });
        command.Options.Add(_at);
        command.Options.Add(Seed);
    }

    /// <summary>Makes the streets.</summary>
    public StreetNetwork Create(ParseResult parsed)
    {
        _ = TryParse(parsed.GetRequiredValue(_at), out var latitude, out var longitude);
        return StreetNetwork.Create(latitude, longitude, parsed.GetValue(Seed));
    }

    private static bool TryParse(string? text, out double latitude, out double longitude)
    {
        var parts = (text ?? "").Split(',');
        (latitude, longitude) = (0, 0);
        return parts.Length == 2
            && double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out latitude)
            && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out longitude)
            && latitude is >= -90 and <= 90 && longitude is >= -180 and <= 180;
    }
}
