using System.Text.Json;
using ArtMqtt.WebGateway.Changes.Wire;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>One topic that one connection has joined.</summary>
internal sealed class RealtimeChannel(
    string topic, string? joinRef, ProtocolVersion version, JoinConfig config, RealtimeOutbox outbox) : IDisposable
{
    private volatile ChangeRights? _rights;
    private volatile bool _isEnded;

    /// <summary>As the client calls it, prefix included.</summary>
    public string Topic => topic;

    /// <summary>Who meets on it: those of the tenant that the first token was of.</summary>
    public (string Tenant, string Topic) Room { get; private set; }

    /// <summary>What the client wants.</summary>
    public JoinConfig Config => config;

    /// <summary>How messages to it are written.</summary>
    public ProtocolVersion Version => version;

    /// <summary>What the caller may know; null only before the first token is looked at.</summary>
    public ChangeRights Rights
    {
        get => _rights!;
        set
        {
            Room = _rights is null ? (value.Tenant, topic) : Room;
            _rights = value;
        }
    }

    /// <summary>The subscriptions as they stand; changed by <see cref="ChangeHub"/> only.</summary>
    public IReadOnlyList<Subscription> Subscriptions { get; set; } = [];

    /// <summary>Ends the channel when its token ends; null when that never ends.</summary>
    public ITimer? Expiry { get; set; }

    /// <summary>Ends the channel when its token is revoked; null when that cannot happen.</summary>
    public IDisposable? Revocation { get; set; }

    /// <summary>Whether it was left, or ended by the server.</summary>
    public bool IsEnded => _isEnded;

    /// <summary>Whether the caller may send and hear here, at this moment.</summary>
    public bool MayTalk => Rights.Tenant == Room.Tenant && Rights.MayTalk(topic);

    /// <summary>Sends a message that is ready.</summary>
    public void Send(Frame frame) => outbox.Offer(frame);

    /// <summary>Sends an event.</summary>
    public void Push(string name, Action<Utf8JsonWriter> payload) =>
        Send(MessageWriter.Push(version, joinRef, topic, name, payload));

    /// <summary>Says how things stand with the channel.</summary>
    /// <param name="extension">Which part of it.</param>
    /// <param name="isOk">Whether it works.</param>
    /// <param name="message">For people.</param>
    public void Tell(string extension, bool isOk, string message) => Push(EventNames.System, json =>
    {
        json.WriteStartObject();
        json.WriteString("extension", extension);
        json.WriteString("status", isOk ? "ok" : "error");
        json.WriteString("message", message);
        json.WriteString("channel", topic[EventNames.TopicPrefix.Length..]);
        json.WriteEndObject();
    });

    /// <summary>Says that the channel is over.</summary>
    public void Close() => Push(EventNames.Close, json =>
    {
        json.WriteStartObject();
        json.WriteEndObject();
    });

    public void Dispose()
    {
        _isEnded = true;
        Expiry?.Dispose();
        Revocation?.Dispose();
    }
}
