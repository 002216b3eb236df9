using System.CommandLine;
using ArtMqtt.Contracts;
using ArtMqtt.DeviceAgent.Clocks;
using ArtMqtt.DeviceAgent.Publishing;
using ArtMqtt.DeviceAgent.Running;
using ArtMqtt.DeviceAgent.Sources;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary>The options of the agent in a vehicle, for all verbs that are about it.</summary>
internal sealed class RunArguments
{
    // The server takes 1,000; smaller ones get through bad networks sooner.
    private const int BatchSize = 100;

    // The longest our server lets a client be silent.
    private static readonly TimeSpan _meteredKeepAlive = TimeSpan.FromMinutes(10);

    private readonly CredentialOptions _credentials = new();
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

    private readonly Option<int> _daily = new("--daily-kib")
    {
        Description = "most KiB in 24 hours on a metered network; 0: as much as it takes",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<double> _climb = new("--climb-interval")
    {
        Description = "how often a better server is looked for while a worse one serves, in seconds",
        DefaultValueFactory = _ => 300,
    };

    /// <summary>Where and how.</summary>
    public ConnectionOptions Connection { get; } = new();

    /// <summary>What is kept.</summary>
    public FilterArguments Filter { get; } = new();

    /// <summary>Where it is kept.</summary>
    public SpoolArguments Spool { get; } = new();

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _source, _allowMissing, _device, _daily, _climb })
        {
            command.Options.Add(option);
        }

        _credentials.AddTo(command);
        Spool.AddTo(command);
        Filter.AddTo(command);
        Connection.AddTo(command);
        ConnectionOptions.Between(_daily, 0, 1 << 30);
        ConnectionOptions.Between(_climb, 1, 86400);
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
    }

    /// <summary>The receiver.</summary>
    public IFixSource CreateSource(ParseResult parsed, BootClock clock, ILoggerFactory logging)
    {
        _ = SourceAddress.TryParse(parsed.GetValue(_source), out var address);
        return address.Create(
            parsed.GetValue(_allowMissing), clock, TimeProvider.System, logging.CreateLogger<IFixSource>());
    }

    /// <summary>The receiver, as the user wrote it.</summary>
    public string Source(ParseResult parsed) => parsed.GetRequiredValue(_source);

    /// <summary>How positions are delivered.</summary>
    /// <exception cref="UsageException">A file is missing.</exception>
    public PublisherOptions Publisher(ParseResult parsed)
    {
        var deviceId = parsed.GetRequiredValue(_device);
        var options = Connection.Read(
            parsed, deviceId, _credentials.Read(parsed), Topics.DevicePosition(deviceId)) with
        {
            BatchSize = BatchSize,
            NewestFirst = true,
            ControlTopic = Filter.Control(parsed) == ControlUse.Ignore ? null : Topics.DeviceControl(deviceId),
            ClimbInterval = TimeSpan.FromSeconds(parsed.GetValue(_climb)),
            LeavesWill = true,
            SessionExpiry = TimeSpan.FromHours(1),
        };
        options = Spool.Apply(parsed, options);
        return parsed.GetValue(_daily) is > 0 and var kib
            ? options with { DailyBytes = (long)kib << 10, KeepAlive = _meteredKeepAlive }
            : options;
    }
}
