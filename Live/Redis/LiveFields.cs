using System.Globalization;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using StackExchange.Redis;

namespace ArtMqtt.Live.Redis;

/// <summary>Events and streams in the form in which Redis keeps them (<see cref="LiveScripts"/>).</summary>
internal static class LiveFields
{
    private const string Status = "status";
    private const string Operator = "operator";
    private const string Customer = "customer";
    private const string Presence = "presence";
    private const string Eta = "eta";

    /// <summary>Under which field the newest event of a kind stands.</summary>
    public static string KindOf(LiveEvent liveEvent) => liveEvent switch
    {
        StatusEvent => Status,
        LocationEvent { Role: PositionRole.Customer } => Customer,
        LocationEvent => Operator,
        PresenceEvent => Presence,
        EtaEvent => Eta,
        _ => throw new NotSupportedException($"{liveEvent.Name} is no event of a stream."),
    };

    /// <summary>
    /// What orders events of that kind; empty when nothing does. Presences and ETAs only when they are told again: the clocks of two
    /// nodes differ.
    /// </summary>
    public static string OrderOf(LiveEvent? liveEvent) => liveEvent switch
    {
        LocationEvent place => place.Timestamp.ToString(CultureInfo.InvariantCulture),
        StatusEvent { Version: { } version } => version.ToString(CultureInfo.InvariantCulture),
        PresenceEvent presence => presence.Since.ToString(CultureInfo.InvariantCulture),
        EtaEvent eta => eta.ComputedAt.ToString(CultureInfo.InvariantCulture),
        _ => "",
    };

    /// <summary>The status as on the wire; empty when it is no status.</summary>
    public static string StatusOf(LiveEvent liveEvent) =>
        liveEvent is StatusEvent status
            ? System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(status.Status.ToString())
            : "";

    /// <summary>The fields of an event; empty for none.</summary>
    public static string Write(LiveEvent? liveEvent) => liveEvent is null ? "" : LiveEventJson.Write(liveEvent);

    /// <summary>An event as it comes through a channel; null when it is of a newer version, or damaged.</summary>
    public static NumberedEvent? TryReadMessage(RedisValue message)
    {
        var parts = ((string?)message)?.Split('\n', 4);
        return parts is [var epoch, var number, var name, var fields]
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            && LiveEventJson.TryRead(name, fields) is { } liveEvent
                ? new NumberedEvent(new Cursor(epoch, sequence), liveEvent)
                : null;
    }

    /// <summary>What <see cref="LiveScripts.Load"/> returned.</summary>
    public static RedisStream ReadStream(RedisResult result)
    {
        var parts = (RedisResult[])result!;
        var hash = new Dictionary<string, string>(StringComparer.Ordinal);
        var fields = (RedisValue[])parts[0]!;
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            hash[(string)fields[i]!] = (string)fields[i + 1]!;
        }

        var cursor = new Cursor(hash["epoch"], long.Parse(hash["sequence"], CultureInfo.InvariantCulture));
        var snapshot = new LiveSnapshot(
            Read<StatusEvent>(StatusEvent.WireName, hash.GetValueOrDefault(Status)),
            Read<LocationEvent>(LocationEvent.OperatorName, hash.GetValueOrDefault(Operator)),
            Read<LocationEvent>(LocationEvent.CustomerName, hash.GetValueOrDefault(Customer)))
        {
            Presence = Read<PresenceEvent>(PresenceEvent.WireName, hash.GetValueOrDefault(Presence)),
            Eta = Read<EtaEvent>(EtaEvent.WireName, hash.GetValueOrDefault(Eta)),
        };
        return new RedisStream(cursor, snapshot, ReadRing(cursor, (RedisResult[])parts[1]!));
    }

    // From the newest back to the first that cannot be read: what is kept must have no gap.
    private static List<NumberedEvent> ReadRing(Cursor cursor, RedisResult[] entries)
    {
        var newest = new List<NumberedEvent>(entries.Length);
        for (var i = entries.Length - 1; i >= 0; i--)
        {
            var entry = (RedisResult[])entries[i]!;
            var id = ((string)entry[0]!).Split('-')[0];
            var fields = (RedisValue[])entry[1]!;
            var sequence = long.Parse(id, CultureInfo.InvariantCulture);
            if (sequence != cursor.Sequence - newest.Count
                || LiveEventJson.TryRead((string)fields[0]!, (string)fields[1]!) is not { } liveEvent)
            {
                break;
            }

            newest.Add(new NumberedEvent(cursor with { Sequence = sequence }, liveEvent));
        }

        newest.Reverse();
        return newest;
    }

    private static T? Read<T>(string name, string? fields)
        where T : LiveEvent => fields is null ? null : LiveEventJson.TryRead(name, fields) as T;
}
