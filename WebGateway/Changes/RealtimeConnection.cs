using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using ArtMqtt.WebGateway.Changes.Filters;
using ArtMqtt.WebGateway.Changes.Wire;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Authentication;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>One client: its channels, and what it says about them.</summary>
internal sealed class RealtimeConnection(
    WebSocket socket, RealtimeOutbox outbox, ProtocolVersion version, HttpContext context, AuthenticationTicket? connected,
    ChannelDoor door, ChangeHub hub, Rooms rooms, ChangeOptions options, TimeProvider time)
{
    private const int MaxTopicBytes = byte.MaxValue;
    private const int MaxPresenceBytes = 4 * 1024;

    // Long enough for the first connection to the database, shorter than clients wait for an answer (10 s).
    private static readonly TimeSpan _longestStart = TimeSpan.FromSeconds(5);

    private readonly OpenChannels _channels = new(hub, rooms, door, time);
    private readonly long _began = time.GetTimestamp();
    private bool _hasWaited;

    /// <summary>Serves until the client leaves or is sent away.</summary>
    public async Task RunAsync()
    {
        var pump = outbox.PumpAsync();
        try
        {
            await new MessageSource(socket, outbox, options, time).ReadAsync(HandleAsync);
        }
        finally
        {
            _channels.EndAll();
            outbox.Close(WebSocketCloseStatus.NormalClosure, "");
            await pump;
        }
    }

    /// <summary>Sends the client to another node, or to this one when it is there again.</summary>
    public void GoAway() => outbox.Close(WebSocketCloseStatus.EndpointUnavailable, "The server stops.");

    private async Task HandleAsync(bool isText, ReadOnlyMemory<byte> bytes)
    {
        if (MessageReader.Read(version, isText, bytes) is not { } message)
        {
            outbox.Close(WebSocketCloseStatus.InvalidPayloadData, "That is no message of this version of the protocol.");
            return;
        }

        if (message is { Topic: EventNames.SocketTopic, Event: EventNames.Heartbeat })
        {
            KeepAlive(message);
        }
        else if (message.Event == EventNames.Join)
        {
            await JoinAsync(message);
        }
        else if (_channels.Find(message.Topic) is { } channel)
        {
            await HandleAsync(channel, message);
        }
        else
        {
            Refuse(message, "unmatched topic");
        }
    }

    // Heartbeats alone keep nobody here whom we do not know.
    private void KeepAlive(ClientMessage message)
    {
        if (connected is null && _channels.Count == 0 && time.GetElapsedTime(_began) > options.IdleTimeout)
        {
            outbox.Close(WebSocketCloseStatus.PolicyViolation, "Join a channel with a valid token.");
        }
        else
        {
            Reply(message, isOk: true);
        }
    }

    private async Task HandleAsync(RealtimeChannel channel, ClientMessage message)
    {
        switch (message.Event)
        {
            case EventNames.Leave:
                _channels.End(channel);
                Reply(message, isOk: true);
                break;
            case EventNames.AccessToken:
                await RenewAsync(channel, JoinConfig.TokenOf(message.Payload));
                break;
            case EventNames.Broadcast:
                SendBroadcast(channel, message);
                break;
            case EventNames.Presence:
                ChangePresence(channel, message);
                break;
        }
    }

    private async Task JoinAsync(ClientMessage message)
    {
        if (!message.Topic.StartsWith(EventNames.TopicPrefix, StringComparison.Ordinal)
            || message.Topic.Length == EventNames.TopicPrefix.Length
            || Encoding.UTF8.GetByteCount(message.Topic) > MaxTopicBytes)
        {
            Refuse(message, $"topics are 'realtime:' and a name, {MaxTopicBytes} bytes at most");
            return;
        }

        if (_channels.Find(message.Topic) is null && _channels.Count >= options.MaxChannels)
        {
            Refuse(message, "ChannelRateLimitReached: too many channels");
            return;
        }

        JoinConfig config;
        try
        {
            config = JoinConfig.Parse(message.Payload, options);
        }
        catch (FilterException e)
        {
            Refuse(message, $"Error parsing `postgres_changes`: {e.Message}");
            return;
        }

        var (ticket, failure) = await door.FindCallerAsync(config.Token, connected, context);
        if (ticket is null)
        {
            Refuse(message, ChannelDoor.Explain(failure));
            return;
        }

        if (config.Wishes.Count > 0 || config.WantsReady)
        {
            await WaitForStartAsync();
        }

        if (config.Wishes.Count > 0 && hub.IsOff)
        {
            Refuse(message, "UnableToSubscribeToPostgres: row changes are off on this server");
            return;
        }

        var channel = new RealtimeChannel(message.Topic, message.JoinRef, version, config, outbox);
        if (door.Admit(channel, ticket, out var subscriptions) is { } reason)
        {
            Refuse(message, reason);
            return;
        }

        Enter(channel, ticket, subscriptions, message);
    }

    private void Enter(
        RealtimeChannel channel, AuthenticationTicket ticket, IReadOnlyList<Subscription> subscriptions, ClientMessage message)
    {
        _channels.Add(channel);
        hub.Subscribe(channel, subscriptions, () => Reply(message, isOk: true, json =>
        {
            json.WriteStartArray("postgres_changes");
            foreach (var wish in channel.Config.Wishes)
            {
                wish.Write(json);
            }

            json.WriteEndArray();
        }));
        rooms.Join(channel);
        _channels.Expect(channel, ticket);
        if (channel.Config.WantsReady)
        {
            channel.Tell(
                EventNames.System, hub.IsFollowing,
                hub.IsFollowing ? "Replication connection established" : "The database is not followed now");
        }
    }

    private async Task WaitForStartAsync()
    {
        if (!_hasWaited)
        {
            await Task.WhenAny(hub.StartAsync(), Task.Delay(_longestStart, time, context.RequestAborted));
            _hasWaited = true;
        }
    }

    private async Task RenewAsync(RealtimeChannel channel, string? token)
    {
        if (!door.Takes(token))
        {
            return;
        }

        var (ticket, failure) = await door.FindCallerAsync(token, connected, context);
        if (ticket is null && failure == SignInFailure.Unavailable)
        {
            channel.Tell(EventNames.System, isOk: false, ChannelDoor.Explain(failure));
            return;
        }

        IReadOnlyList<Subscription> subscriptions = [];
        if (ticket is null || door.Admit(channel, ticket, out subscriptions) is not null)
        {
            _channels.End(channel, ticket is null ? ChannelDoor.Explain(failure) : "Unauthorized: the new token does not allow this channel");
            return;
        }

        hub.Subscribe(channel, subscriptions, () => { });
        _channels.Expect(channel, ticket);
    }

    private void SendBroadcast(RealtimeChannel channel, ClientMessage message)
    {
        if (Broadcast.Of(message) is not { } broadcast)
        {
            Refuse(message, "a broadcast is an object with 'event' and 'payload'");
        }
        else if (!channel.MayTalk)
        {
            Refuse(message, $"Unauthorized: you may not send on {channel.Topic}");
        }
        else
        {
            rooms.Send(channel, broadcast);
            if (channel.Config.AcknowledgesBroadcast)
            {
                Reply(message, isOk: true);
            }
        }
    }

    private void ChangePresence(RealtimeChannel channel, ClientMessage message)
    {
        var what = message.Payload.ValueKind == JsonValueKind.Object && message.Payload.TryGetProperty("event", out var name)
            && name.ValueKind == JsonValueKind.String ? name.GetString()!.ToLowerInvariant() : "";
        if (!channel.MayTalk)
        {
            Refuse(message, $"Unauthorized: you may not be seen on {channel.Topic}");
        }
        else if (what == "untrack")
        {
            rooms.Untrack(channel);
            Reply(message, isOk: true);
        }
        else if (what == "track" && message.Payload.TryGetProperty("payload", out var about)
            && about.ValueKind == JsonValueKind.Object && about.GetRawText().Length <= MaxPresenceBytes)
        {
            rooms.Track(channel, about);
            Reply(message, isOk: true);
        }
        else
        {
            Refuse(message, $"presence is 'track' with an object of {MaxPresenceBytes} bytes at most, or 'untrack'");
        }
    }

    private void Refuse(ClientMessage message, string reason) =>
        Reply(message, isOk: false, json => json.WriteString("reason", reason));

    private void Reply(ClientMessage message, bool isOk, Action<Utf8JsonWriter>? members = null) =>
        outbox.Offer(MessageWriter.Reply(version, message, isOk, json =>
        {
            json.WriteStartObject();
            members?.Invoke(json);
            json.WriteEndObject();
        }));
}
