using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>Takes connections from Kestrel: TCP, TLS or WebSocket.</summary>
internal sealed partial class MqttConnections(BrokerParts parts, ILogger<MqttConnections> logger) : ConnectionHandler
{
    private readonly ConnectionSlots _slots = new(parts.Options.MaxConnections);
    private readonly LogLimiter _limiter = new(TimeSpan.FromSeconds(10), parts.Time);

    /// <summary>Refuses new connections from now on, and ends those that nobody has signed in on yet.</summary>
    public void Close()
    {
        _slots.Close();
        foreach (var connection in parts.Clients.All)
        {
            connection.EndWithoutConnect("stopping");
        }
    }

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (!_slots.TryTake())
        {
            parts.Metrics.ConnectRefused("limit");
            if (_limiter.MayLog(out var hidden))
            {
                LogFull(parts.Options.MaxConnections, hidden);
            }

            return;
        }

        parts.Metrics.ConnectionOpened();
        try
        {
            if (connection.Features.Get<ITransferFormatFeature>() is { } format)
            {
                format.ActiveFormat = TransferFormat.Binary;
            }

            await new ClientConnection(connection, parts).RunAsync();
        }
        finally
        {
            _slots.Release();
            parts.Metrics.ConnectionEnded();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Refused a connection: {Limit} are open, or the broker is stopping ({Hidden} others)")]
    private partial void LogFull(int limit, long hidden);
}
