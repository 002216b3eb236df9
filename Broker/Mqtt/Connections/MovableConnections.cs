using ArtMqtt.Contracts.Clients;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>MQTT clients, which are told that the server is shutting down (0x8B; before MQTT 5 the connection just ends).</summary>
internal sealed class MovableConnections(ClientConnections clients, BrokerParts parts) : IMovableClients
{
    /// <inheritdoc/>
    public int Count => clients.All.Count(client => !client.IsLeaving);

    /// <inheritdoc/>
    public void SendAway(int count)
    {
        foreach (var client in clients.All.Where(client => !client.IsLeaving).Take(count))
        {
            _ = SendAwayAsync(client);
        }
    }

    private async Task SendAwayAsync(ClientConnection client)
    {
        using var limit = new CancellationTokenSource(parts.Options.DrainTimeout, parts.Time);
        await client.DrainAsync(limit.Token);
    }
}
