using System.CommandLine;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Publishing;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary>The options of every verb that publishes.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<string> _server = new("--server")
    {
        Description = "HOST:PORT of the MQTT server",
        DefaultValueFactory = _ => "127.0.0.1:1883",
    };

    private readonly Option<bool> _tls = new("--tls") { Description = "connect with TLS" };

    private readonly Option<PositionFormat> _format = new("--format")
    {
        Description = "payload format",
        DefaultValueFactory = _ => PositionFormat.Protobuf,
    };

    private readonly Option<int> _qos = new("--qos")
    {
        Description = "MQTT QoS, 0 or 1; with 0 positions may be lost",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<int> _inFlight = new("--in-flight")
    {
        Description = "most publishes without an answer",
        DefaultValueFactory = _ => 20,
    };

    private readonly Option<double> _drain = new("--drain")
    {
        Description = "longest wait at the end for what is not acknowledged, in seconds",
        DefaultValueFactory = _ => 30,
    };

    private readonly Option<bool> _json = new("--json") { Description = "print the counts as JSON at the end" };

    public ConnectionOptions()
    {
        _server.Validators.Add(result =>
        {
            if (!ServerAddress.TryParse(result.GetValueOrDefault<string>() ?? "", out _))
            {
                result.AddError("--server must be HOST:PORT, for example 127.0.0.1:1883.");
            }
        });
        _qos.AcceptOnlyFromAmong("0", "1");
        Between(_inFlight, 1, 65535);
        Between(_drain, 0, 86400);
    }

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _server, _tls, _format, _qos, _inFlight, _drain, _json })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What the user chose, for one device.</summary>
    public PublisherOptions Read(ParseResult parsed, string deviceId, string secret, string topic)
    {
        _ = ServerAddress.TryParse(parsed.GetRequiredValue(_server), out var server);
        return new PublisherOptions
        {
            Host = server.Host,
            Port = server.Port,
            UseTls = parsed.GetValue(_tls),
            DeviceId = deviceId,
            Secret = secret,
            Topic = topic,
            Format = parsed.GetValue(_format),
            Qos = parsed.GetValue(_qos),
            MaxInFlight = parsed.GetValue(_inFlight),
        };
    }

    /// <summary>Longest wait at the end.</summary>
    public TimeSpan Drain(ParseResult parsed) => TimeSpan.FromSeconds(parsed.GetValue(_drain));

    /// <summary>Whether the counts are printed as JSON.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Refuses numbers outside a range.</summary>
    public static void Between<T>(Option<T> option, T least, T most)
        where T : IComparable<T> => option.Validators.Add(result =>
        {
            var value = result.GetValueOrDefault<T>();
            if (value is null || value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            {
                result.AddError($"{option.Name} must be {least} to {most}.");
            }
        });
}
