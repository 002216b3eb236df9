using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace ArtMqtt.Node.Commands;

/// <summary><c>routes</c>: takes what a running node knows of the past into files.</summary>
internal sealed class RoutesCommand
{
    /// <summary>The verb.</summary>
    public const string Name = "routes";

    private static readonly string[] _formats = ["geojson", "gpx", "kml", "csv", "parquet", "mfjson"];

    private readonly NodeConnection _node = new();

    /// <summary>Builds the verb and those below it.</summary>
    public Command Build()
    {
        var command = new Command(Name, "Routes of a running node") { Export() };
        _node.AddTo(command);
        return command;
    }

    private Command Export()
    {
        var devices = new Option<string[]>("--device")
        {
            Description = "whose positions; again for more of them (at most 100); without any: all devices",
            AllowMultipleArgumentsPerToken = true,
        };
        var request = new Option<Guid?>("--request") { Description = "those of this request instead; then the period may be left out" };
        var from = Time("--from", "earliest fix time, for example 2026-05-04T08:00Z; without an offset it is local time");
        var to = Time("--to", "latest fix time; at most 31 days later");
        var format = new Option<string>("--format") { Description = string.Join(", ", _formats), Required = true };
        format.AcceptOnlyFromAmong(_formats);
        var gap = new Option<int?>("--max-gap") { Description = "seconds; lines of GPX, KML and MF-JSON are cut at longer gaps; default 300" };
        var output = new Option<string?>("--output") { Description = "file, or - for the standard output; default: as the node calls it, here" };
        var force = new Option<bool>("--force") { Description = "replace a file that is there" };
        var retries = new Option<int>("--retries") { Description = "how often it begins anew when the transfer breaks off", DefaultValueFactory = _ => 3 };
        var json = new Option<bool>("--json") { Description = "print what was done, or why not, as JSON" };
        var command = new Command("export", "Writes routes into a file, which is whole or not there")
        {
            devices, request, from, to, format, gap, output, force, retries, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(request) is null)
            {
                if (result.GetResult(from) is null || result.GetResult(to) is null)
                {
                    result.AddError("Give --from and --to, or a --request.");
                }
            }
            else if (result.GetResult(devices) is not null)
            {
                result.AddError("Give either --device or --request.");
            }

            if (result.GetValue(json) && result.GetValue(output) == RouteExport.StandardOutput)
            {
                result.AddError("--json and --output - both write to the standard output.");
            }
        });
        command.SetAction(async (parsed, token) =>
        {
            using var api = _node.Open(parsed);
            var path = RouteExport.PathOf(
                parsed.GetValue(devices) ?? [], parsed.GetValue(request), parsed.GetValue(from), parsed.GetValue(to),
                parsed.GetRequiredValue(format), parsed.GetValue(gap));
            var export = new RouteExport(
                api, path, parsed.GetRequiredValue(format), parsed.GetValue(output), parsed.GetValue(force), TimeProvider.System);
            return await RunAsync(export, parsed.GetValue(retries), parsed.GetValue(json), token);
        });
        return command;
    }

    private static async Task<int> RunAsync(RouteExport export, int retries, bool asJson, CancellationToken cancellationToken)
    {
        try
        {
            var done = await export.RunAsync(retries, cancellationToken);
            if (asJson)
            {
                Console.WriteLine(JsonSerializer.Serialize(done, JsonSerializerOptions.Web));
            }
            else if (done.File != RouteExport.StandardOutput)
            {
                await Console.Error.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"{done.File}: {done.Positions:N0} positions, {done.Bytes:N0} bytes in {done.Seconds:N1} s"));
            }

            return 0;
        }
        catch (CommandException e) when (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { error = e.Message }, JsonSerializerOptions.Web));
            return 1;
        }
    }

    private static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            if (DateTimeOffset.TryParse(
                result.Tokens.Single().Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time))
            {
                return time;
            }

            result.AddError($"{name} must be a time, for example 2026-05-04T08:00Z.");
            return null;
        },
    };
}
