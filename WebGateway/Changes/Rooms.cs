using System.Globalization;
using System.Text.Json;
using ArtMqtt.WebGateway.Changes.Wire;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>
/// Who is on which topic of which tenant on this node: broadcasts between them, and who of them is present. Only those who may talk there
/// at the moment hear anything.
/// </summary>
internal sealed class Rooms(ChangeMetrics metrics)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Tenant, string Topic), Room> _rooms = [];
    private long _lastRef;

    /// <summary>Takes a channel in, and tells it who is there if it wants to know.</summary>
    public void Join(RealtimeChannel channel)
    {
        lock (_gate)
        {
            if (!_rooms.TryGetValue(channel.Room, out var room))
            {
                _rooms.Add(channel.Room, room = new Room());
            }

            room.Members.Add(channel);
            if (channel.Config.HasPresence && channel.MayTalk)
            {
                channel.Push(EventNames.PresenceState, json => Write(json, room.Present.Values));
            }
        }
    }

    /// <summary>Lets a channel go; the others see it leave.</summary>
    public void Leave(RealtimeChannel channel)
    {
        lock (_gate)
        {
            if (!_rooms.TryGetValue(channel.Room, out var room) || !room.Members.Remove(channel))
            {
                return;
            }

            if (room.Present.Remove(channel, out var left))
            {
                TellDiff(room, [], [left]);
            }

            if (room.Members.Count == 0)
            {
                _rooms.Remove(channel.Room);
            }
        }
    }

    /// <summary>Passes a message on.</summary>
    public void Send(RealtimeChannel sender, Broadcast broadcast)
    {
        lock (_gate)
        {
            if (!_rooms.TryGetValue(sender.Room, out var room))
            {
                return;
            }

            var sent = 0;
            foreach (var member in room.Members)
            {
                if ((member != sender || member.Config.HearsItself) && member.MayTalk
                    && broadcast.In(member.Version) is { } frame)
                {
                    member.Send(frame);
                    sent++;
                }
            }

            metrics.Broadcasts(sent);
        }
    }

    /// <summary>Shows a channel as present, with what it says of itself (an object), or shows that anew.</summary>
    public void Track(RealtimeChannel channel, JsonElement about)
    {
        lock (_gate)
        {
            if (!_rooms.TryGetValue(channel.Room, out var room) || !room.Members.Contains(channel))
            {
                return;
            }

            var number = (++_lastRef).ToString(CultureInfo.InvariantCulture);
            var presence = new Presence(channel.Config.PresenceKey, number, about);
            List<Presence> left = room.Present.TryGetValue(channel, out var before) ? [before] : [];
            room.Present[channel] = presence;
            TellDiff(room, [presence], left);
        }
    }

    /// <summary>Shows a channel as present no more.</summary>
    public void Untrack(RealtimeChannel channel)
    {
        lock (_gate)
        {
            if (_rooms.TryGetValue(channel.Room, out var room) && room.Present.Remove(channel, out var left))
            {
                TellDiff(room, [], [left]);
            }
        }
    }

    private static void TellDiff(Room room, List<Presence> joined, List<Presence> left)
    {
        foreach (var member in room.Members.Where(member => member.Config.HasPresence && member.MayTalk))
        {
            member.Push(EventNames.PresenceDiff, json =>
            {
                json.WriteStartObject();
                json.WritePropertyName("joins");
                Write(json, joined);
                json.WritePropertyName("leaves");
                Write(json, left);
                json.WriteEndObject();
            });
        }
    }

    private static void Write(Utf8JsonWriter json, IEnumerable<Presence> present)
    {
        json.WriteStartObject();
        foreach (var same in present.GroupBy(presence => presence.Key))
        {
            json.WriteStartObject(same.Key);
            json.WriteStartArray("metas");
            foreach (var presence in same)
            {
                json.WriteStartObject();
                json.WriteString("phx_ref", presence.Ref);
                foreach (var member in presence.About.EnumerateObject().Where(m => m.Name != "phx_ref"))
                {
                    member.WriteTo(json);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private sealed class Room
    {
        public HashSet<RealtimeChannel> Members { get; } = [];

        public Dictionary<RealtimeChannel, Presence> Present { get; } = [];
    }

    private sealed record Presence(string Key, string Ref, JsonElement About);
}
