using System.CommandLine;
using ArtMqtt.DeviceAgent.Simulation;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary><c>streets</c>: writes the simulated city as GeoJSON, for a map below the vehicles.</summary>
internal sealed class StreetsCommand
{
    private readonly CityOptions _city = new();
    private readonly Option<FileInfo> _out = new("--out") { Description = "GeoJSON file to write", Required = true };

    /// <summary>Builds the verb.</summary>
    public Command Build()
    {
        var command = new Command("streets", "Writes the streets of the simulated city as GeoJSON") { _out };
        _city.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var file = parsed.GetRequiredValue(_out);
        file.Directory?.Create();
        // Whoever reads it meanwhile sees the old one or the new one, never half of it.
        var part = $"{file.FullName}.part";
        using (var stream = File.Create(part))
        {
            StreetsGeoJson.Write(stream, _city.Create(parsed));
        }

        File.Move(part, file.FullName, overwrite: true);
        return ExitCode.Done;
    }
}
