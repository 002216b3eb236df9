using System.Text.Json;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Sessions;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Mqtt.Storage;

/// <summary>The forms in which <see cref="StateDatabase"/> keeps things that are not columns of their own.</summary>
internal static class StateJson
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    /// <summary>A session.</summary>
    public static string Of(SessionState state) => JsonSerializer.Serialize(
        new SessionForm(
            state.Identity, state.ExpirySeconds, state.EndsAt, state.Will?.Packet, state.Will?.DueAt,
            [.. state.Subscriptions.Select(s => new SubscriptionForm(s.Request, s.Identifier))], state.ReceivedIds),
        _json);

    /// <summary>How a message goes to its session.</summary>
    public static string Of(StoredDelivery delivery) => JsonSerializer.Serialize(delivery, _json);

    /// <summary>A message without topic, payload and properties.</summary>
    public static string Of(Message message) => JsonSerializer.Serialize(
        new MessageForm(message.Quality, message.IsRetained, message.ExpiresAt, message.IsNewestWins, message.Tenant), _json);

    /// <summary>A session back.</summary>
    public static SessionState ReadSession(string json)
    {
        var form = Read<SessionForm>(json);
        return new SessionState(
            form.Identity, form.ExpirySeconds, form.EndsAt,
            form.Will is null ? null : new PendingWill(form.Will, form.Identity) { DueAt = form.WillDueAt },
            [.. form.Subscriptions.Select(s => (s.Request, s.Identifier))], form.ReceivedIds);
    }

    /// <summary>How a message goes to its session, back.</summary>
    public static StoredDelivery ReadDelivery(string json) => Read<StoredDelivery>(json);

    /// <summary>A message back.</summary>
    public static Message ReadMessage(string json, string topic, byte[] payload, byte[] properties)
    {
        var form = Read<MessageForm>(json);
        return new Message
        {
            Topic = topic,
            Payload = payload,
            Properties = properties,
            Quality = form.Quality,
            IsRetained = form.IsRetained,
            ExpiresAt = form.ExpiresAt,
            IsNewestWins = form.IsNewestWins,
            Tenant = form.Tenant,
        };
    }

    private static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, _json) ?? throw new InvalidDataException("A stored session is empty.");

    private sealed record SessionForm(
        Auth.ClientIdentity Identity, uint ExpirySeconds, DateTimeOffset? EndsAt, WillPacket? Will,
        DateTimeOffset? WillDueAt, SubscriptionForm[] Subscriptions, IReadOnlyList<ushort> ReceivedIds);

    private sealed record SubscriptionForm(FilterRequest Request, uint? Identifier);

    // What was kept before there were tenants belongs to none.
    private sealed record MessageForm(
        byte Quality, bool IsRetained, DateTimeOffset? ExpiresAt, bool IsNewestWins, string? Tenant = "");
}
