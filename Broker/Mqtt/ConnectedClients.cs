using System.Collections.Concurrent;
using System.Globalization;
using ArtMqtt.Broker.Mirror;
using MQTTnet.Protocol;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>The connections, by the number MQTTnet knows them by and by the client id their client uses.</summary>
/// <remarks>
/// MQTTnet gets a client id of ours that is never used twice, so its session take-over, which can lose subscriptions
/// and wait for stalled clients, never runs. Taking over happens here.
/// </remarks>
internal sealed class ConnectedClients
{
    private readonly ConcurrentDictionary<string, MqttChannel> _byServerId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, MqttChannel> _byClientId = new(StringComparer.Ordinal);
    private long _last;

    /// <summary>Who is subscribed to what.</summary>
    public RequestSubscriptions Subscriptions { get; } = new();

    /// <summary>All connections that have sent a CONNECT.</summary>
    public ICollection<MqttChannel> All => _byServerId.Values;

    /// <summary>A client id for MQTTnet, never used before.</summary>
    public string NextServerId() => Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture);

    /// <summary>The connection MQTTnet means, or null when it has ended.</summary>
    public MqttChannel? Find(string serverId) => _byServerId.GetValueOrDefault(serverId);

    /// <summary>Adds a connection; the one that used the same client id until now is ended (MQTT 3.1.4).</summary>
    public void Add(MqttChannel channel)
    {
        _byServerId[channel.ServerId] = channel;
        var before = channel;
        _byClientId.AddOrUpdate(channel.ScopedClientId, channel, (_, old) =>
        {
            before = old;
            return channel;
        });
        if (!ReferenceEquals(before, channel))
        {
            before.Close(MqttDisconnectReasonCode.SessionTakenOver);
        }
    }

    /// <summary>Forgets a connection that has ended.</summary>
    public void Remove(MqttChannel channel)
    {
        _byServerId.TryRemove(channel.ServerId, out _);
        _byClientId.TryRemove(KeyValuePair.Create(channel.ScopedClientId, channel));
        foreach (var filter in channel.Subscriptions.TakeAll())
        {
            Subscriptions.Remove(filter);
        }
    }
}
