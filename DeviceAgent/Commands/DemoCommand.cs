using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using ArtMqtt.Contracts;
using ArtMqtt.DeviceAgent.Demo;
using ArtMqtt.DeviceAgent.Publishing;
using ArtMqtt.DeviceAgent.Replay;
using ArtMqtt.DeviceAgent.Simulation;
using ArtMqtt.Spool;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary><c>demo</c>: customers who wait, and a fleet that drives to them, on a running server.</summary>
internal sealed class DemoCommand
{
    private const string Guest = "demo-you";

    private readonly ConnectionOptions _connection = new();
    private readonly CityOptions _city = new();
    private readonly Option<string> _http = new("--http") { Description = "URL of the server's HTTP API", Required = true };
    private readonly Option<FileInfo> _token = new("--token-file")
    {
        Description = "file with the dispatcher's token",
        Required = true,
    };

    private readonly Option<DirectoryInfo> _folder = new("--folder")
    {
        Description = "folder for the devices' secrets and demo.json",
        Required = true,
    };

    private readonly Option<int> _vehicles = new("--vehicles")
    {
        Description = "how many vehicles drive",
        DefaultValueFactory = _ => 5,
    };

    private readonly Option<string> _speed = new("--speed")
    {
        Description = "times faster than real",
        DefaultValueFactory = _ => "1",
    };

    /// <summary>Builds the verb.</summary>
    public Command Build()
    {
        var command = new Command("demo", "Creates customers and a fleet that drives to them, over the public API")
        {
            _http, _token, _folder, _vehicles, _speed,
        };
        _city.AddTo(command);
        _connection.AddTo(command);
        ConnectionOptions.Between(_vehicles, 1, 1000);
        _http.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out var url)
                || url.Scheme is not ("http" or "https"))
            {
                result.AddError("--http must be a URL, for example http://localhost:8080.");
            }
        });
        _speed.Validators.Add(result =>
        {
            if (!ReplaySpeed.TryParse(result.GetValueOrDefault<string>(), out var speed) || speed.IsMax)
            {
                result.AddError("--speed must be a number above 0.");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = TextWriter.Synchronized(parsed.InvocationConfiguration.Output);
        var folder = parsed.GetRequiredValue(_folder);
        folder.Create();
        using var logging = AgentLogging.Create();
        using var client = CreateClient(parsed);
        var api = new DispatcherApi(client, TimeProvider.System, logging.CreateLogger<DispatcherApi>());
        var publishers = new List<PositionPublisher>();
        try
        {
            var ids = Enumerable.Range(1, parsed.GetValue(_vehicles))
                .Select(i => string.Create(CultureInfo.InvariantCulture, $"demo-{i}")).Append(Guest).ToList();
            var devices = await DemoDevices.ObtainAsync(
                api, Path.Combine(folder.FullName, "devices.json"), ids, cancellationToken);
            var vehicles = devices.SkipLast(1).ToList();
            publishers.AddRange(vehicles.Select(d => CreatePublisher(parsed, d, logging)));
            await RunFleetAsync(parsed, folder, api, devices, publishers, output, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C: what was published is still delivered.
        }

        var report = new DeliveryReport(
            publishers, null, TimeProvider.System, output, parsed.InvocationConfiguration.Error);
        await report.EndAsync(TimeSpan.FromSeconds(2), _connection.IsJson(parsed));
        await Task.WhenAll(publishers.Select(p => p.DisposeAsync().AsTask()));
        return ExitCode.Done;
    }

    private async Task RunFleetAsync(
        ParseResult parsed, DirectoryInfo folder, DispatcherApi api, IReadOnlyList<DeviceCredential> devices,
        List<PositionPublisher> publishers, TextWriter output, CancellationToken cancellationToken)
    {
        var guest = new DemoGuest(Guest, Path.Combine(folder.FullName, $"{Guest}.secret"));
        PrivateFile.Write(guest.SecretFile, System.Text.Encoding.UTF8.GetBytes(devices[^1].Secret));
        var server = _connection.Read(parsed, Guest, new DeviceCredentials { Secret = devices[^1].Secret }, "").Servers[0];
        var path = Path.Combine(folder.FullName, "demo.json");
        var left = DemoState.ReadJobs(path);
        var state = new DemoState(path, $"{server.Host}:{server.Port}", guest);
        _ = ReplaySpeed.TryParse(parsed.GetValue(_speed), out var speed);
        var network = _city.Create(parsed);
        var fleet = new DemoFleet(
            network, api, speed, parsed.GetValue(_city.Seed), state, TimeProvider.System, output);
        await fleet.TidyUpAsync(left, cancellationToken);

        var runs = new List<Func<CancellationToken, Task>>();
        for (var i = 0; i < publishers.Count; i++)
        {
            var (request, run) = await fleet.CreateAsync(
                i, devices[i].DeviceId, publishers[i].PublishAsync, cancellationToken);
            await output.WriteLineAsync(
                i == 0 ? $"  customer page    {request.TrackingUrl}" : $"                   {request.TrackingUrl}");
            runs.Add(run);
        }

        var own = await fleet.CreateForGuestAsync(Guest, cancellationToken);
        await output.WriteLineAsync(Hint(server, guest, own, network, path));
        await Task.WhenAll(runs.Select(run => run(cancellationToken)));
    }

    private static string Hint(
        ServerEndpoint server, DemoGuest guest, DemoRequest own, StreetNetwork network, string path)
    {
        var (latitude, longitude) = network.Plane.ToDegrees(default);
        return string.Create(CultureInfo.InvariantCulture, $$"""
              your device      {{guest.DeviceId}}, its secret: {{guest.SecretFile}}
              its customer     {{own.TrackingUrl}}
              all of this      {{path}}

              Publish a position of your own, and see it on its customer's page:
              mosquitto_pub -V 5 -h {{server.Host}} -p {{server.Port}} -q 1 -i {{guest.DeviceId}} -u {{guest.DeviceId}} -P "$(cat {{guest.SecretFile}})" \
                -t {{Topics.DevicePosition(guest.DeviceId)}} -m '{"lat":{{latitude:F5}},"lng":{{longitude:F5}},"timestamp":'$(date +%s%3N)'}'
            """);
    }

    private HttpClient CreateClient(ParseResult parsed)
    {
        var client = new HttpClient
        {
            BaseAddress = new Uri(parsed.GetRequiredValue(_http).TrimEnd('/') + "/"),
            Timeout = TimeSpan.FromSeconds(20),
        };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", SecretSource.Read(parsed.GetRequiredValue(_token)));
        return client;
    }

    private PositionPublisher CreatePublisher(ParseResult parsed, DeviceCredential device, ILoggerFactory logging) => new(
        _connection.Read(
            parsed, device.DeviceId, new DeviceCredentials { Secret = device.Secret },
            Topics.DevicePosition(device.DeviceId)),
        new MemorySpool(new SpoolOptions { CapacityBytes = 4 << 20 }), TimeProvider.System, Random.Shared,
        logging.CreateLogger<PositionPublisher>());
}
