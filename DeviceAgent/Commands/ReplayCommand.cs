using System.CommandLine;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Publishing;
using ArtMqtt.DeviceAgent.Replay;
using ArtMqtt.DeviceAgent.Sources;
using ArtMqtt.Spool;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary><c>replay</c>: publishes a recording as one device.</summary>
internal sealed class ReplayCommand
{
    private readonly ConnectionOptions _connection = new();
    private readonly CredentialOptions _credentials = new();
    private readonly Argument<FileInfo?> _file = new("file")
    {
        Description = "GPX 1.0 or 1.1 track, or NMEA 0183 log: which of them, it tells itself",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<FileInfo> _gpx = new("--gpx") { Description = "GPX 1.0 or 1.1 track" };
    private readonly Option<FileInfo> _nmea = new("--nmea") { Description = "NMEA 0183 log" };
    private readonly Option<bool> _allowMissing = new("--allow-missing-checksum")
    {
        Description = "believe NMEA sentences without a checksum",
    };

    private readonly Option<string> _device = new("--device") { Description = "device id", Required = true };
    private readonly Option<string> _speed = new("--speed")
    {
        Description = "times faster than recorded, or max",
        DefaultValueFactory = _ => "1",
    };

    private readonly Option<bool> _keepTimes = new("--keep-times")
    {
        Description = "publish the recorded times; otherwise the first fix is now",
    };

    private readonly Option<Guid?> _request = new("--request")
    {
        Description = "publish as the operator of this request instead of as the device",
    };

    private readonly Option<DirectoryInfo> _spool = new("--spool")
    {
        Description = "folder that keeps positions over a restart; without it they are kept in memory",
    };

    private readonly Option<bool> _once = new("--once") { Description = "end after one pass (the default)" };
    private readonly Option<bool> _loop = new("--loop") { Description = "begin again at the end" };

    /// <summary>Builds the verb.</summary>
    public Command Build()
    {
        var command = new Command("replay", "Publishes a recording as one device, at its own or a chosen speed")
        {
            _file, _gpx, _nmea, _allowMissing, _device, _speed, _keepTimes, _request, _spool, _once, _loop,
        };
        _credentials.AddTo(command);
        _connection.AddTo(command);
        _speed.Validators.Add(result =>
        {
            if (!ReplaySpeed.TryParse(result.GetValueOrDefault<string>(), out _))
            {
                result.AddError("--speed must be a number above 0, or max.");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(_file)?.Tokens is [{ Value: ['-', ..] option }, ..])
            {
                result.AddError($"Unrecognized option '{option}'.");
            }
            else if (new[] { result.GetValue(_file), result.GetValue(_gpx), result.GetValue(_nmea) }.Count(f => f is not null) != 1)
            {
                result.AddError("Give one recording: FILE, --gpx FILE or --nmea FILE.");
            }

            if (!DeviceIds.IsValid(result.GetValue(_device)))
            {
                result.AddError("--device must be 1 to 64 of a-z 0-9 . _ - and not begin with a dot.");
            }

            if (result.GetValue(_loop) && (result.GetValue(_once) || result.GetValue(_speed) == "max"))
            {
                result.AddError("--loop goes neither with --once nor with --speed max.");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var deviceId = parsed.GetRequiredValue(_device);
        var topic = parsed.GetValue(_request) is { } request
            ? Topics.RequestPosition(request, PositionRole.Operator)
            : Topics.DevicePosition(deviceId);
        var options = _connection.Read(parsed, deviceId, _credentials.Read(parsed), topic);
        var source = CreateSource(parsed);
        using var logging = AgentLogging.Create();
        await using var spool = OpenSpool(parsed, logging);
        await using var publisher = new PositionPublisher(
            options, spool, TimeProvider.System, Random.Shared, logging.CreateLogger<PositionPublisher>());
        _ = ReplaySpeed.TryParse(parsed.GetValue(_speed), out var speed);
        var replayer = new Replayer(
            source, speed, parsed.GetValue(_keepTimes), TimeProvider.System, publisher.PublishAsync);
        var report = new DeliveryReport(
            [publisher], source.Counts, TimeProvider.System,
            parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reporting = report.RunAsync(end.Token);
        var published = await ReplayAsync(replayer, parsed.GetValue(_loop), cancellationToken);
        await end.CancelAsync();
        await reporting;
        if (published == 0 && !cancellationToken.IsCancellationRequested)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync("The recording holds no usable position.");
        }

        var code = await report.EndAsync(_connection.Drain(parsed), _connection.IsJson(parsed));
        return code == ExitCode.Done && published == 0 ? ExitCode.Failed : code;
    }

    private static async Task<long> ReplayAsync(Replayer replayer, bool isLoop, CancellationToken cancellationToken)
    {
        var published = 0L;
        try
        {
            do
            {
                var pass = await replayer.RunAsync(cancellationToken);
                published += pass;
                if (pass == 0)
                {
                    break;
                }
            }
            while (isLoop);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C: what was published is still delivered.
            published = Math.Max(published, 1);
        }

        return published;
    }

    private IFixSource CreateSource(ParseResult parsed) => parsed switch
    {
        _ when parsed.GetValue(_file) is { } file => RecordingFile.Open(file.FullName, parsed.GetValue(_allowMissing)),
        _ when parsed.GetValue(_gpx) is { } gpx => new GpxSource(gpx.FullName),
        _ => new NmeaSource(parsed.GetRequiredValue(_nmea).FullName, parsed.GetValue(_allowMissing)),
    };

    private ISpool OpenSpool(ParseResult parsed, ILoggerFactory logging) => parsed.GetValue(_spool) is { } folder
        ? DurableSpool.Open(
            new SpoolOptions { Folder = folder.FullName }, TimeProvider.System, logging.CreateLogger<DurableSpool>())
        : new MemorySpool(new SpoolOptions { CapacityBytes = 64 << 20 });
}
