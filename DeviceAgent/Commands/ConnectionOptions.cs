using System.CommandLine;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Publishing;

namespace ArtMqtt.DeviceAgent.Commands;

/// <summary>The options of every verb that publishes.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<string[]> _server = new("--server")
    {
        Description = $"the server: {ServerEndpoint.Forms}. May be repeated: the first that works is used, and left for a "
            + "better one when that works again",
        DefaultValueFactory = _ => ["127.0.0.1:1883"],
    };

    private readonly Option<bool> _tls = new("--tls") { Description = "a server without scheme is one of MQTT over TLS" };

    private readonly Option<FileInfo> _authority = new("--ca-file")
    {
        Description = "PEM file with the only roots that servers are trusted for; the system's by default",
    };

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
            if (Parse(result.GetValueOrDefault<string[]>(), tls: false).Count == 0)
            {
                result.AddError($"--server must be one of {ServerEndpoint.Forms}.");
            }
        });
        _qos.AcceptOnlyFromAmong("0", "1");
        Between(_inFlight, 1, 65535);
        Between(_drain, 0, 86400);
    }

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _server, _tls, _authority, _format, _qos, _inFlight, _drain, _json })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The ways to servers, the best first.</summary>
    public IReadOnlyList<ServerEndpoint> Servers(ParseResult parsed) =>
        Parse(parsed.GetRequiredValue(_server), parsed.GetValue(_tls));

    /// <summary>What the user chose, for one device.</summary>
    public PublisherOptions Read(ParseResult parsed, string deviceId, DeviceCredentials credentials, string topic)
    {
        credentials = credentials with { AuthorityFile = parsed.GetValue(_authority)?.FullName };
        CredentialOptions.Check(() => credentials.ReadAuthorities());
        return new PublisherOptions
        {
            Servers = Servers(parsed),
            DeviceId = deviceId,
            Credentials = credentials,
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
            if (!IsBetween(result, least, most))
            {
                result.AddError($"{option.Name} must be {least} to {most}.");
            }
        });

    private static bool IsBetween<T>(System.CommandLine.Parsing.OptionResult result, T least, T most)
        where T : IComparable<T>
    {
        try
        {
            return result.GetValueOrDefault<T>() is { } value && value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0;
        }
        catch (InvalidOperationException)
        {
            // It is no number at all.
            return false;
        }
    }

    // Nothing when one of them is wrong.
    private static List<ServerEndpoint> Parse(string[]? texts, bool tls)
    {
        var all = new List<ServerEndpoint>();
        foreach (var text in (texts ?? []).SelectMany(t => t.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (!ServerEndpoint.TryParse(text, tls, out var endpoints))
            {
                return [];
            }

            all.AddRange(endpoints.Except(all));
        }

        return all;
    }
}
