using ArtMqtt.Broker.Mqtt.Wire;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;

namespace ArtMqtt.Broker.Mqtt.Routing;

/// <summary>Publishes what the server itself has to say, as JSON.</summary>
internal sealed class ServerTopics(MessageRouter router, IFleetDirectory directory)
{
    private static readonly byte[] _json =
        new WireWriter().Property(PropertyId.ContentType, "application/json").Written.ToArray();

    /// <summary>Whether anybody is subscribed to a topic.</summary>
    public bool HasSubscribers(string topic) => router.HasSubscribers(topic);

    /// <summary>Publishes something that is outdated by the next on its topic: quality 0, the newest wins.</summary>
    public void PublishLive(string topic, ReadOnlyMemory<byte> json) => router.Publish(
        new Message
        {
            Topic = topic,
            Payload = json,
            Properties = _json,
            IsNewestWins = true,
            Tenant = FindTenant(topic),
        },
        publisher: null);

    /// <summary>Publishes a state that is kept for later subscribers: retained, quality 1.</summary>
    /// <param name="topic">Where.</param>
    /// <param name="json">What.</param>
    /// <param name="isNewestWins">Whether a subscriber that was away needs the last one only.</param>
    public void PublishState(string topic, ReadOnlyMemory<byte> json, bool isNewestWins) => router.Publish(
        new Message
        {
            Topic = topic,
            Payload = json,
            Properties = _json,
            Quality = 1,
            IsRetained = true,
            IsNewestWins = isNewestWins,
            // Of a request that ended long ago, or a device that was removed, what was said before still knows it.
            Tenant = FindTenant(topic) ?? router.FindRetained(topic)?.Tenant,
        },
        publisher: null);

    /// <summary>The state that is kept on a topic, or null.</summary>
    public ReadOnlyMemory<byte>? FindState(string topic) => router.FindRetained(topic)?.Payload;

    /// <summary>The topics that match a filter and have a state.</summary>
    public IReadOnlyList<string> FindTopics(string filter) => router.FindRetainedTopics(filter);

    /// <summary>Forgets the state of a topic; subscribers are not told.</summary>
    public void Forget(string topic) => router.Forget(topic);

    private string? FindTenant(string topic) =>
        Topics.TryParseRequest(topic, out var requestId, out _) ? directory.FindTenant(requestId)
        : Topics.TryParseDevice(topic, out var deviceId, out _) ? directory.FindDevice(deviceId)?.Tenant
        : null;
}
