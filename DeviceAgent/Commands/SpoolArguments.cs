using System.CommandLine;
using ArtMqtt.DeviceAgent.Publishing;
using ArtMqtt.Spool;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary>The options of the spool on disk.</summary>
internal sealed partial class SpoolArguments
{
    // What is kept in memory when the disk is of no use: hours, in a vehicle that moves.
    private const long InMemoryBytes = 16 << 20;

    private readonly Option<DirectoryInfo> _folder = new("--spool")
    {
        Description = "folder on a disk that keeps positions until the server has them",
        Required = true,
    };

    private readonly Option<int> _size = new("--spool-mib")
    {
        Description = "most MiB of them",
        DefaultValueFactory = _ => 256,
    };

    private readonly Option<double> _age = new("--spool-days")
    {
        Description = "age in days beyond which positions are given up; 0: never",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<SpoolPolicy> _whenFull = new("--when-full")
    {
        Description = "what gives way when it is full: the oldest positions, the newest, or the receiver, which waits",
        DefaultValueFactory = _ => SpoolPolicy.DropOldest,
        CustomParser = result => result.Tokens[0].Value switch
        {
            "oldest" => SpoolPolicy.DropOldest,
            "newest" => SpoolPolicy.DropNewest,
            "wait" => SpoolPolicy.Wait,
            _ => Refuse(result),
        },
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _folder, _size, _age, _whenFull })
        {
            command.Options.Add(option);
        }

        ConnectionOptions.Between(_size, 1, 1 << 20);
        ConnectionOptions.Between(_age, 0, 3650);
    }

    /// <summary>Path of the folder.</summary>
    public string Folder(ParseResult parsed) => parsed.GetRequiredValue(_folder).FullName;

    /// <summary>The options with what the user chose.</summary>
    public PublisherOptions Apply(ParseResult parsed, PublisherOptions options) => options with
    {
        WhenFull = parsed.GetValue(_whenFull),
        MaxAge = parsed.GetValue(_age) is > 0 and var days ? TimeSpan.FromDays(days) : TimeSpan.MaxValue,
    };

    /// <summary>Opens it; in memory when the disk cannot be written, so that those who watch still see the device.</summary>
    /// <exception cref="UsageException">Another process has the folder.</exception>
    public ISpool Open(ParseResult parsed, ILoggerFactory logging)
    {
        var folder = Folder(parsed);
        try
        {
            return DurableSpool.Open(
                new SpoolOptions { Folder = folder, CapacityBytes = (long)parsed.GetValue(_size) << 20 },
                TimeProvider.System, logging.CreateLogger<DurableSpool>());
        }
        catch (SpoolInUseException e)
        {
            throw new UsageException(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogInMemory(logging.CreateLogger<SpoolArguments>(), folder, e.Message);
            return new MemorySpool(new SpoolOptions { CapacityBytes = InMemoryBytes });
        }
    }

    private static SpoolPolicy Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError("--when-full must be oldest, newest or wait.");
        return default;
    }

    [LoggerMessage(LogLevel.Critical,
        "The spool {Folder} cannot be written ({Reason}). Positions are kept in memory: a restart loses those not delivered")]
    private static partial void LogInMemory(ILogger logger, string folder, string reason);
}
