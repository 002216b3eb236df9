using Microsoft.Extensions.Logging;

namespace ArtMqtt.Broker.Auth;

/// <summary>Counts what clients try and may not, and logs it now and then; never what they wanted to say.</summary>
internal sealed partial class Denials(BrokerMetrics metrics, TimeProvider time, ILogger<Denials> logger)
{
    private readonly LogLimiter _limiter = new(TimeSpan.FromSeconds(10), time);

    /// <summary>A publish was refused.</summary>
    public void Publish(ClientIdentity client, string topic)
    {
        metrics.PublishDenied(client.Kind);
        Log(client, "publish to", topic);
    }

    /// <summary>A topic filter was refused.</summary>
    public void Subscribe(ClientIdentity client, string filter)
    {
        metrics.SubscribeDenied(client.Kind);
        Log(client, "subscribe to", filter);
    }

    private void Log(ClientIdentity client, string what, string topic)
    {
        if (_limiter.MayLog(out var hidden))
        {
            // Clients choose these texts: they must not be able to write log lines.
            LogDenied(client.Scope, what, new string([.. topic.Select(c => char.IsControl(c) ? '?' : c)]), hidden);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Client} may not {What} '{Topic}' ({Hidden} others since the last line)")]
    private partial void LogDenied(string client, string what, string topic, long hidden);
}
