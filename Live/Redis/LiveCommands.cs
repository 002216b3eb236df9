using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ArtMqtt.Live.Redis;

/// <summary>What nodes ask of Redis about a stream.</summary>
internal sealed class LiveCommands(RedisLink link, IOptions<RedisOptions> redis, IOptions<LiveOptions> live)
{
    private const int SharedArguments = 4;
    private const int EventArguments = 6;

    private readonly string _prefix = redis.Value.Prefix;
    private readonly RedisValue _ringSize = live.Value.RingSize;
    private readonly RedisValue _keepFor = (long)live.Value.IdleAfter.TotalMilliseconds;

    /// <summary>Numbers events in one step, in their order; what fails alone is without a reply.</summary>
    /// <param name="events">What happened; in a cluster of one slot.</param>
    /// <param name="isAgain">Whether they may have been numbered before; then they are refused.</param>
    /// <exception cref="Exception">As <see cref="RedisLink.IsOutage"/>: some of them may be numbered all the same.</exception>
    public async Task PublishAsync(IReadOnlyList<OutgoingEvent> events, bool isAgain)
    {
        var keys = new RedisKey[2 * events.Count];
        var arguments = new RedisValue[SharedArguments + (EventArguments * events.Count)];
        (arguments[0], arguments[1], arguments[2], arguments[3]) = (MemoryLiveStream.NewEpoch(), _ringSize, _keepFor, isAgain ? 1 : 0);
        for (var i = 0; i < events.Count; i++)
        {
            var (requestId, liveEvent) = (events[i].RequestId, events[i].Event);
            (keys[2 * i], keys[(2 * i) + 1]) = (HashKey(requestId), RingKey(requestId));
            var own = arguments.AsSpan(SharedArguments + (EventArguments * i), EventArguments);
            own[0] = LiveFields.KindOf(liveEvent);
            own[1] = LiveFields.OrderOf(liveEvent);
            own[2] = liveEvent.Name;
            own[3] = LiveFields.Write(liveEvent);
            own[4] = ChannelName(requestId);
            own[5] = LiveFields.StatusOf(liveEvent);
        }

        var replies = (RedisResult[])(await EvaluateAsync(LiveScripts.Publish, keys, arguments))!;
        for (var i = 0; i < events.Count; i++)
        {
            var reply = (RedisValue[])replies[i]!;
            events[i].Reply = reply.Length switch
            {
                1 => new PublishReply(null, (string)reply[0]!),
                2 => new PublishReply(new NumberedEvent(new Cursor((string)reply[0]!, (long)reply[1]), events[i].Event), null),
                _ => null,
            };
            if (events[i].Reply is null)
            {
                link.Failed(new RedisException((string)reply[^1]!));
            }
        }
    }

    /// <summary>Fills what is unknown of a stream.</summary>
    public Task SeedAsync(Guid requestId, LiveSnapshot snapshot) => EvaluateAsync(LiveScripts.Seed, [HashKey(requestId), RingKey(requestId)],
    [
        MemoryLiveStream.NewEpoch(), _keepFor, LiveFields.StatusOf(snapshot.Status!), LiveFields.Write(snapshot.Status),
        LiveFields.OrderOf(snapshot.Status), LiveFields.Write(snapshot.Operator), LiveFields.OrderOf(snapshot.Operator),
        LiveFields.Write(snapshot.Customer), LiveFields.OrderOf(snapshot.Customer),
    ]);

    /// <summary>A stream, with the newest events after those that are known; it lives on for a while.</summary>
    public async Task<RedisStream> LoadAsync(Guid requestId, Cursor known) => LiveFields.ReadStream(await EvaluateAsync(
        LiveScripts.Load, [HashKey(requestId), RingKey(requestId)], [MemoryLiveStream.NewEpoch(), _keepFor, known.Epoch, known.Sequence]));

    /// <summary>Begins to hear what is published in a stream, in its order.</summary>
    public Task<ChannelMessageQueue> HearAsync(Guid requestId) => link.HearAsync(RedisChannel.Sharded(ChannelName(requestId)));

    // A server that was restarted does not know the script any more; the second time it is sent whole.
    private async Task<RedisResult> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await link.Database.ScriptEvaluateAsync(script, keys, arguments);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await link.Database.ScriptEvaluateAsync(script, keys, arguments);
        }
    }

    /// <summary>What decides the slot of a stream in a cluster.</summary>
    public static string TagOf(Guid requestId) => $"{{{requestId:N}}}";

    private string HashKey(Guid requestId) => $"{_prefix}:{TagOf(requestId)}:now";

    private string RingKey(Guid requestId) => $"{_prefix}:{TagOf(requestId)}:ring";

    private string ChannelName(Guid requestId) => $"{_prefix}:{TagOf(requestId)}:live";
}
