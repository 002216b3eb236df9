using ArtMqtt.WebGateway.Changes.Wire;
using Microsoft.AspNetCore.Authentication;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>The channels one connection has joined. They end when the client leaves them, with their token, or with the connection.</summary>
internal sealed class OpenChannels(ChangeHub hub, Rooms rooms, ChannelDoor door, TimeProvider time)
{
    // Timers take no longer waits; nobody has a token for longer either.
    private static readonly TimeSpan _longestTimer = TimeSpan.FromDays(40);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, RealtimeChannel> _channels = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _channels.Count;
            }
        }
    }

    public RealtimeChannel? Find(string topic)
    {
        lock (_gate)
        {
            return _channels.GetValueOrDefault(topic);
        }
    }

    public void Add(RealtimeChannel channel)
    {
        // A client that joins again has lost the first time out of sight.
        if (Find(channel.Topic) is { } before)
        {
            End(before);
            before.Close();
        }

        lock (_gate)
        {
            _channels.Add(channel.Topic, channel);
        }
    }

    /// <summary>Lets a channel end with the token it has now.</summary>
    public void Expect(RealtimeChannel channel, AuthenticationTicket ticket)
    {
        channel.Expiry?.Dispose();
        channel.Expiry = null;
        channel.Revocation?.Dispose();
        channel.Revocation = door.WhenRevoked(ticket, () => End(channel, "The access token was revoked"));
        if (channel.IsEnded)
        {
            // Ended before there was anything to dispose.
            channel.Revocation?.Dispose();
        }

        if (ticket.Properties.ExpiresUtc is { } expiresAt && expiresAt - time.GetUtcNow() is var left && left < _longestTimer)
        {
            channel.Expiry = time.CreateTimer(
                _ => End(channel, "The access token has expired"), null,
                left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends a channel; the client is told when there is a reason that it does not know.</summary>
    public void End(RealtimeChannel channel, string? reason = null)
    {
        lock (_gate)
        {
            if (Find(channel.Topic) != channel)
            {
                return;
            }

            _channels.Remove(channel.Topic);
        }

        Release(channel);
        if (reason is not null)
        {
            channel.Tell(EventNames.System, isOk: false, reason);
            channel.Close();
        }
    }

    public void EndAll()
    {
        List<RealtimeChannel> all;
        lock (_gate)
        {
            all = [.. _channels.Values];
            _channels.Clear();
        }

        all.ForEach(Release);
    }

    private void Release(RealtimeChannel channel)
    {
        channel.Dispose();
        hub.Unsubscribe(channel);
        rooms.Leave(channel);
    }
}
