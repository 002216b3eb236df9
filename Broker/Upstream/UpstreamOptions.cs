using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Broker.Upstream;

/// <summary>An MQTT broker or cluster of somebody else that positions are taken from.</summary>
public sealed class UpstreamOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Broker:Upstream";

    /// <summary>
    /// Its servers, tried in this order: <c>HOST[:PORT]</c>, <c>mqtt://</c>, <c>mqtts://</c>, <c>ws://</c> or <c>wss://</c>; of
    /// WebSockets with their path. Default none: nothing is taken from elsewhere.
    /// </summary>
    public IReadOnlyList<string> Servers { get; set; } = [];

    /// <summary>
    /// Beginning of the client ids, <c>-1</c>, <c>-2</c>… follow; of its own for each node, and the same after a restart, for
    /// what is not acknowledged is kept under it. Default <c>artmqtt-</c> and the machine's name.
    /// </summary>
    [Required]
    public string ClientId { get; set; } = $"artmqtt-{Environment.MachineName.ToLowerInvariant()}";

    /// <summary>User name, or none.</summary>
    public string? UserName { get; set; }

    /// <summary>File whose first line is the password. Read again for each connection.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>PEM file with the only roots that are trusted. Default: those of the system.</summary>
    public string? CaFile { get; set; }

    /// <summary>PEM file with the certificate that we show. Default none.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file with its key. Default: the same file.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Connections side by side; more than one need a <see cref="ShareGroup"/>. Default 1.</summary>
    [Range(1, 64)]
    public int Connections { get; set; } = 1;

    /// <summary>
    /// Group of the shared subscriptions, the same for all nodes: each message comes to one connection of them. Empty: plain
    /// subscriptions. Default empty, which every broker understands.
    /// </summary>
    public string ShareGroup { get; set; } = "";

    /// <summary>What is subscribed to, and what it stands for here. Default: our own topics, and those of OwnTracks.</summary>
    public IReadOnlyList<UpstreamTopic> Topics { get; set; } = [];

    /// <summary>
    /// Messages that wait for their acknowledgement, per connection; an MQTT 3.1.1 broker has a window of its own. Of QoS 0 as
    /// many again. Default 1,000.
    /// </summary>
    [Range(1, 65_535)]
    public int MaxInFlight { get; set; } = 1_000;

    /// <summary>How long the broker keeps our session, and what we did not acknowledge, without us (MQTT 5). Default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan SessionExpiry { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Longest silence before the broker is asked whether it is still there. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for a server's answers while connecting. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait between two attempts; they begin after half a second. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether there is an upstream.</summary>
    internal bool IsOn => Servers.Count > 0;
}
