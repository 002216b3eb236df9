using System.CommandLine;
using ArtMqtt.Contracts;
using ArtMqtt.DeviceAgent.Publishing;
using ArtMqtt.DeviceAgent.Replay;
using ArtMqtt.DeviceAgent.Simulation;
using ArtMqtt.Spool;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary><c>simulate</c>: a fleet that drives through a made-up city, anywhere on earth.</summary>
internal sealed class SimulateCommand
{
    private const int ConnectingAtOnce = 50;

    // For what waits after a pause; while all is well each position goes by itself.
    private const int BatchSize = 100;

    private readonly ConnectionOptions _connection = new();
    private readonly CityOptions _city = new();
    private readonly Option<FileInfo> _credentials = new("--credentials")
    {
        Description = "JSON file with [{deviceId, secret}], one for each vehicle",
        Required = true,
    };

    private readonly Option<int?> _vehicles = new("--vehicles")
    {
        Description = "how many of them drive; all by default",
    };

    private readonly Option<string> _speed = new("--speed")
    {
        Description = "times faster than real",
        DefaultValueFactory = _ => "1",
    };

    private readonly Option<double?> _duration = new("--duration")
    {
        Description = "end after so many simulated seconds; never by default",
    };

    /// <summary>Builds the verb.</summary>
    public Command Build()
    {
        var command = new Command("simulate", "Publishes a simulated fleet, anywhere on earth, without any data")
        {
            _credentials, _vehicles, _speed, _duration,
        };
        _city.AddTo(command);
        _connection.AddTo(command);
        _speed.Validators.Add(result =>
        {
            if (!ReplaySpeed.TryParse(result.GetValueOrDefault<string>(), out var speed) || speed.IsMax)
            {
                result.AddError("--speed must be a number above 0.");
            }
        });
        _vehicles.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is not (null or (>= 1 and <= 10_000)))
            {
                result.AddError("--vehicles must be 1 to 10000.");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var credentials = Chosen(parsed);
        var network = _city.Create(parsed);
        _ = ReplaySpeed.TryParse(parsed.GetValue(_speed), out var speed);
        using var logging = AgentLogging.Create();
        var logger = logging.CreateLogger<PositionPublisher>();
        using var connecting = new SemaphoreSlim(ConnectingAtOnce);
        var publishers = credentials.Select(credential => new PositionPublisher(
            _connection.Read(
                parsed, credential.DeviceId, new DeviceCredentials { Secret = credential.Secret },
                Topics.DevicePosition(credential.DeviceId)) with
            {
                BatchSize = BatchSize,
                Connecting = connecting,
            },
            new MemorySpool(new SpoolOptions { CapacityBytes = 1 << 20 }), TimeProvider.System, Random.Shared, logger))
            .ToArray();
        var report = new DeliveryReport(
            publishers, null, TimeProvider.System,
            parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reporting = report.RunAsync(end.Token);
        var most = parsed.GetValue(_duration) ?? double.PositiveInfinity;
        var seed = parsed.GetValue(_city.Seed);
        try
        {
            await Task.WhenAll(publishers.Select((publisher, i) =>
                DriveAsync(network, HashCode(seed, i), speed, most, publisher, cancellationToken)));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C: what was published is still delivered.
        }

        await end.CancelAsync();
        await reporting;
        var code = await report.EndAsync(_connection.Drain(parsed), _connection.IsJson(parsed));
        await Task.WhenAll(publishers.Select(p => p.DisposeAsync().AsTask()));
        return code;
    }

    // System.HashCode differs from run to run.
    private static int HashCode(int seed, int vehicle) => unchecked((seed * 1_000_003) ^ (vehicle * 7919));

    private static Task DriveAsync(
        StreetNetwork network, int seed, ReplaySpeed speed, double most, PositionPublisher publisher,
        CancellationToken cancellationToken)
    {
        var vehicle = new Vehicle(network, seed);
        var errand = new Errand(network, vehicle);
        var runner = new VehicleRunner(vehicle, speed, TimeProvider.System);
        return runner.RunAsync(
            () =>
            {
                errand.Decide();
                return vehicle.Seconds < most;
            },
            publisher.PublishAsync, cancellationToken);
    }

    private DeviceCredential[] Chosen(ParseResult parsed)
    {
        var all = DeviceCredential.ReadAll(parsed.GetRequiredValue(_credentials).FullName);
        var count = parsed.GetValue(_vehicles) ?? all.Count;
        return count <= all.Count && count > 0
            ? [.. all.Take(count)]
            : throw new UsageException($"--vehicles {count}: the credentials file holds {all.Count} devices.");
    }
}
