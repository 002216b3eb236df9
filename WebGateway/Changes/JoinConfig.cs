using System.Text.Json;
using ArtMqtt.WebGateway.Changes.Filters;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>What a client wants of a channel: the payload of its join.</summary>
/// <param name="Token">The access token, or null.</param>
/// <param name="Wishes">The row changes it wants.</param>
/// <param name="AcknowledgesBroadcast">Whether each broadcast is answered.</param>
/// <param name="HearsItself">Whether its own broadcasts come back.</param>
/// <param name="WantsReady">Whether it wants to be told that the database is followed, also without row changes.</param>
/// <param name="HasPresence">Whether it wants to know who is there.</param>
/// <param name="PresenceKey">As whom it is there itself.</param>
internal sealed record JoinConfig(
    string? Token, IReadOnlyList<SubscriptionWish> Wishes, bool AcknowledgesBroadcast, bool HearsItself, bool WantsReady,
    bool HasPresence, string PresenceKey)
{
    private const int MaxPresenceKey = 255;

    /// <summary>Reads the payload.</summary>
    /// <exception cref="FilterException">It cannot be served; the message is for the client.</exception>
    public static JoinConfig Parse(JsonElement payload, ChangeOptions options)
    {
        var config = Member(payload, "config");
        var wanted = Member(config, "postgres_changes");
        var entries = wanted.ValueKind == JsonValueKind.Array ? wanted.EnumerateArray().ToList() : [];
        if (entries.Count > options.MaxSubscriptions)
        {
            throw new FilterException($"a channel has {options.MaxSubscriptions} entries of postgres_changes at most");
        }

        var (broadcast, presence) = (Member(config, "broadcast"), Member(config, "presence"));
        var key = Member(presence, "key") is { ValueKind: JsonValueKind.String } given ? given.GetString()! : "";
        if (key.Length > MaxPresenceKey)
        {
            throw new FilterException($"a presence key has {MaxPresenceKey} characters at most");
        }

        return new JoinConfig(
            TokenOf(payload), entries.ConvertAll(entry => SubscriptionWish.Parse(entry, options.MaxFilterLength)),
            IsTrue(broadcast, "ack"), IsTrue(broadcast, "self"), IsTrue(broadcast, "replication_ready"), IsTrue(presence, "enabled"),
            key.Length > 0 ? key : Guid.NewGuid().ToString("D"));
    }

    /// <summary>The access token in a payload, or null.</summary>
    public static string? TokenOf(JsonElement payload) =>
        Member(payload, "access_token") is { ValueKind: JsonValueKind.String } token ? token.GetString() : null;

    private static bool IsTrue(JsonElement parent, string name) => Member(parent, name).ValueKind == JsonValueKind.True;

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : default;
}
