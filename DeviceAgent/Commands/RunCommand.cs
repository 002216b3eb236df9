using System.CommandLine;
using ArtMqtt.Contracts;
using ArtMqtt.DeviceAgent.Filtering;
using ArtMqtt.DeviceAgent.Publishing;
using ArtMqtt.DeviceAgent.Running;
using ArtMqtt.DeviceAgent.Sources;
using ArtMqtt.Spool;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary><c>run</c>: the agent in a vehicle. Takes fixes from a receiver, keeps them on disk, delivers them.</summary>
internal sealed class RunCommand
{
    // The server takes 1,000; smaller ones get through bad networks sooner.
    private const int BatchSize = 100;

    private readonly ConnectionOptions _connection = new();
    private readonly FilterArguments _filter = new();
    private readonly Option<string> _source = new("--source")
    {
        Description = $"where fixes come from: {SourceAddress.Forms}",
        DefaultValueFactory = _ => "gpsd:localhost",
    };

    private readonly Option<bool> _allowMissing = new("--allow-missing-checksum")
    {
        Description = "believe NMEA sentences without a checksum",
    };

    private readonly Option<string> _device = new("--device") { Description = "device id", Required = true };
    private readonly Option<FileInfo> _secret = new("--secret-file")
    {
        Description = $"file with the device's secret; without it {SecretSource.Variable} is read",
    };

    private readonly Option<DirectoryInfo> _spool = new("--spool")
    {
        Description = "folder on a disk that keeps positions until the server has them",
        Required = true,
    };

    private readonly Option<int> _spoolSize = new("--spool-mib")
    {
        Description = "most MiB of them; then the oldest are given up",
        DefaultValueFactory = _ => 256,
    };

    /// <summary>Builds the verb.</summary>
    public Command Build()
    {
        var command = new Command("run", "Publishes what a receiver in the vehicle tells, whatever the network does")
        {
            _source, _allowMissing, _device, _secret, _spool, _spoolSize,
        };
        _filter.AddTo(command);
        _connection.AddTo(command);
        ConnectionOptions.Between(_spoolSize, 1, 1 << 20);
        _source.Validators.Add(result =>
        {
            if (!SourceAddress.TryParse(result.GetValueOrDefault<string>(), out _))
            {
                result.AddError($"--source must be one of {SourceAddress.Forms}.");
            }
        });
        _device.Validators.Add(result =>
        {
            if (!DeviceIds.IsValid(result.GetValueOrDefault<string>()))
            {
                result.AddError("--device must be 1 to 64 of a-z 0-9 . _ - and not begin with a dot.");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var deviceId = parsed.GetRequiredValue(_device);
        var options = _connection.Read(
            parsed, deviceId, SecretSource.Read(parsed.GetValue(_secret)), Topics.DevicePosition(deviceId)) with
        {
            BatchSize = BatchSize,
            NewestFirst = true,
            DropsOldest = true,
            ControlTopic = _filter.KeepsAll(parsed) ? null : Topics.DeviceControl(deviceId),
        };
        using var logging = AgentLogging.Create();
        _ = SourceAddress.TryParse(parsed.GetValue(_source), out var address);
        var source = address.Create(
            parsed.GetValue(_allowMissing), TimeProvider.System, logging.CreateLogger<IFixSource>());
        await using var spool = DurableSpool.Open(
            new SpoolOptions
            {
                Folder = parsed.GetRequiredValue(_spool).FullName,
                CapacityBytes = (long)parsed.GetValue(_spoolSize) << 20,
            },
            TimeProvider.System, logging.CreateLogger<DurableSpool>());

        PositionPublisher? keeper = null;
        var pump = new FixPump(
            source, new FixFilter(_filter.Read(parsed)), (fix, token) => keeper!.PublishAsync(fix, token),
            TimeProvider.System, logging.CreateLogger<FixPump>());
        await using var publisher = new PositionPublisher(
            options, spool, TimeProvider.System, Random.Shared, logging.CreateLogger<PositionPublisher>(), pump.Adjust);
        keeper = publisher;
        var report = new DeliveryReport(
            [publisher], source.Counts, TimeProvider.System,
            parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        try
        {
            await pump.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C: what was kept is still delivered; what is not stays in the spool.
        }

        return await report.EndAsync(_connection.Drain(parsed), _connection.IsJson(parsed));
    }
}
