using System.Collections.Concurrent;
using ArtMqtt.Contracts.Live;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ArtMqtt.Live.Redis;

/// <summary>
/// The streams that this node knows: those that somebody on it watches, and, while Redis is not there, those that something
/// happens in. Hears them, reads them, heals them, and leaves them.
/// </summary>
internal sealed partial class FollowedStreams(
    RedisLink link, LiveCommands commands, LiveDelivery delivery, IOptions<LiveOptions> live, IOptions<RedisOptions> redis,
    LiveMetrics metrics, TimeProvider time, ILogger<FollowedStreams> logger)
{
    // Enough to keep Redis busy, and few enough to leave it time for others.
    private const int MaxAtOnce = 32;

    // The answer to a publisher and the message to a subscriber are taken by two threads: one may overtake the other.
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(250);

    // One that is left and found again must not be unsubscribed from after it was subscribed to.
    private readonly StreamTurns _turns = new();
    private readonly ConcurrentDictionary<Guid, FollowedStream> _streams = new();
    private readonly RedisOptions _redis = redis.Value;
    private readonly LiveOptions _live = live.Value;

    // What was lost without a sign (a slot of a cluster that moved) is found after this time, and nothing watched runs out.
    private readonly TimeSpan _quiet = TimeSpan.FromTicks(Math.Min(TimeSpan.FromSeconds(15).Ticks, live.Value.IdleAfter.Ticks / 4));

    /// <summary>Streams that this node knows now.</summary>
    public int Count => _streams.Count;

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The stream, heard and read when Redis is there; otherwise it goes on alone.</summary>
    public async ValueTask<FollowedStream> FollowAsync(Guid requestId, CancellationToken cancellationToken)
    {
        var followed = GetOrAdd(requestId);
        if (followed.Mode != StreamMode.New)
        {
            return followed;
        }

        await followed.Turn.WaitAsync(cancellationToken);
        try
        {
            // Who waited for one that waited for Redis does not wait for it again.
            if (followed.Mode == StreamMode.New && link.IsUsable)
            {
                await ReadAsync(followed);
            }
        }
        catch (Exception e) when (RedisLink.IsOutage(e))
        {
            link.Failed(e);
        }
        finally
        {
            if (followed.Mode == StreamMode.New)
            {
                followed.GoAlone(delivery);
            }

            followed.Turn.Release();
        }

        return followed;
    }

    /// <summary>Reads a stream from Redis again.</summary>
    /// <exception cref="Exception">As <see cref="RedisLink.IsOutage"/>: Redis could not be asked.</exception>
    public async Task LoadAsync(FollowedStream followed, CancellationToken cancellationToken)
    {
        await followed.Turn.WaitAsync(cancellationToken);
        try
        {
            await ReadAsync(followed);
        }
        finally
        {
            followed.Turn.Release();
        }
    }

    /// <summary>Takes an event that was numbered by Redis, if the stream is known here.</summary>
    public void Take(Guid requestId, NumberedEvent numbered)
    {
        if (_streams.TryGetValue(requestId, out var followed))
        {
            Take(followed, numbered);
        }
    }

    /// <summary>Numbers an event here, if its stream goes on alone.</summary>
    public bool TryPublishAlone(Guid requestId, LiveEvent liveEvent, out NumberedEvent? numbered)
    {
        numbered = null;
        return _streams.TryGetValue(requestId, out var followed)
            && followed.TryPublishAlone(liveEvent, Now, delivery, out numbered);
    }

    /// <summary>Lets a stream go on alone.</summary>
    public void GoAlone(Guid requestId) => GetOrAdd(requestId).GoAlone(delivery);

    /// <summary>Tells the others what this node knows alone, and goes on with what they know.</summary>
    /// <returns>Whether nothing is left to be done.</returns>
    public async Task<bool> HealAsync(CancellationToken cancellationToken)
    {
        // Losses that come while this goes on are for the next time.
        var losses = link.Losses;
        var isHealed = true;
        var limit = new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(_streams.Values, limit, async (followed, token) =>
        {
            // One that cannot be healed, of a shard that is gone, does not keep the others from it.
            if (!link.IsUsable || !await TryHealAsync(followed, losses, token))
            {
                Volatile.Write(ref isHealed, false);
            }
        });
        return isHealed;
    }

    /// <summary>Stops hearing what nobody has watched for a while.</summary>
    public async Task EvictIdleAsync(CancellationToken cancellationToken)
    {
        var idleBefore = Now - _redis.LeaveAfter;
        foreach (var followed in _streams.Values)
        {
            // Alone it is the only one that knows its snapshot.
            if (followed.Mode != StreamMode.Alone && followed.TryRetire(idleBefore))
            {
                await RemoveAsync(followed, cancellationToken);
            }
        }

        var surplus = _streams.Count - _live.MaxStreams;
        if (surplus <= 0)
        {
            return;
        }

        var oldest = _streams.Values
            .Select(followed => (Followed: followed, Since: followed.Stream.IdleSince))
            .Where(idle => idle.Since is not null)
            .OrderBy(idle => idle.Since)
            .Take(surplus)
            .ToList();
        if (oldest.Count > 0)
        {
            LogFull(_live.MaxStreams, oldest.Count);
        }

        foreach (var (followed, since) in oldest)
        {
            if (followed.TryDrop(since!.Value, delivery))
            {
                await RemoveAsync(followed, cancellationToken);
            }
        }
    }

    private async Task<bool> TryHealAsync(FollowedStream followed, long losses, CancellationToken cancellationToken)
    {
        try
        {
            if (followed.Mode == StreamMode.Alone)
            {
                await ReturnAsync(followed, cancellationToken);
            }
            else if (followed.Losses < losses || followed.IsStale(Now, _patience))
            {
                await LoadAsync(followed, cancellationToken);
                followed.Losses = losses;
            }
            else if (!followed.Stream.IsUnwatched && Now - followed.HeardAt > _quiet)
            {
                await LoadAsync(followed, cancellationToken);
            }

            return true;
        }
        catch (Exception e) when (RedisLink.IsOutage(e))
        {
            link.Failed(e);
            return false;
        }
    }

    private async Task RemoveAsync(FollowedStream followed, CancellationToken cancellationToken)
    {
        if (_streams.TryRemove(new(followed.Stream.RequestId, followed)))
        {
            metrics.StreamEvicted();
        }

        await followed.Turn.WaitAsync(cancellationToken);
        try
        {
            if (followed.Channel is { } channel)
            {
                // The client forgets it at once, and so does a server that is gone.
                await channel.UnsubscribeAsync(CommandFlags.FireAndForget);
            }
        }
        catch (Exception e) when (RedisLink.IsOutage(e))
        {
            link.Failed(e);
        }
        finally
        {
            followed.Turn.Release();
        }
    }

    // Heard first and read then: what happens in between comes twice, and is taken once.
    private async Task ReadAsync(FollowedStream followed)
    {
        await HearAsync(followed);
        if (followed.Mode != StreamMode.Alone)
        {
            await TryFollowAsync(followed);
        }
    }

    private async Task<bool> TryFollowAsync(FollowedStream followed)
    {
        var notTaken = followed.NotTaken;
        var known = await commands.LoadAsync(followed.Stream.RequestId, followed.Stream.Cursor);
        var isFollowing = followed.TryFollow(known, notTaken, Now, delivery);
        if (followed.IsStale(Now, _patience))
        {
            link.Wake();
        }

        return isFollowing;
    }

    private async Task ReturnAsync(FollowedStream followed, CancellationToken cancellationToken)
    {
        var requestId = followed.Stream.RequestId;
        await followed.Turn.WaitAsync(cancellationToken);
        try
        {
            await HearAsync(followed);
            do
            {
                while (followed.FindUntold() is { } untold)
                {
                    var outgoing = new OutgoingEvent(requestId, untold);
                    await commands.PublishAsync([outgoing], isAgain: true);
                    if (outgoing.Reply is not { } reply)
                    {
                        throw new RedisException("The event could not be numbered.");
                    }

                    followed.Told(untold);
                    metrics.ToldLate(reply.Numbered is not null, reply.Refusal);
                }

                if (followed.Stream.Snapshot is { Status: not null } snapshot)
                {
                    await commands.SeedAsync(requestId, snapshot);
                }
            }
            while (!await TryFollowAsync(followed));
        }
        finally
        {
            followed.Turn.Release();
        }
    }

    private async Task HearAsync(FollowedStream followed)
    {
        if (followed.Channel is not null)
        {
            return;
        }

        var losses = link.Losses;
        var channel = await commands.HearAsync(followed.Stream.RequestId);
        channel.OnMessage(message =>
        {
            if (LiveFields.TryReadMessage(message.Message) is { } numbered)
            {
                metrics.Heard();
                Take(followed, numbered);
            }
        });
        (followed.Channel, followed.Losses) = (channel, losses);
    }

    private void Take(FollowedStream followed, NumberedEvent numbered)
    {
        if (followed.Take(numbered, Now, delivery))
        {
            link.Wake();
        }
    }

    private FollowedStream GetOrAdd(Guid requestId)
    {
        if (_streams.TryGetValue(requestId, out var known))
        {
            return known;
        }

        var added = new FollowedStream(
            new MemoryLiveStream(requestId, _live.RingSize, Now), _redis.MaxUntold, _turns.Of(requestId));
        var followed = _streams.GetOrAdd(requestId, added);
        if (ReferenceEquals(followed, added))
        {
            metrics.StreamAdded();
        }

        return followed;
    }

    [LoggerMessage(LogLevel.Warning,
        "More than {MaxStreams} live streams: {Count} that nobody watches are dropped, with what the other nodes were not told")]
    private partial void LogFull(int maxStreams, int count);
}
