using ArtMqtt.Contracts.Live;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ArtMqtt.Live.Redis;

/// <summary>What nodes ask of Redis about a stream.</summary>
internal sealed class LiveCommands(RedisLink link, IOptions<RedisOptions> redis, IOptions<LiveOptions> live)
{
    private readonly string _prefix = redis.Value.Prefix;
    private readonly RedisValue _ringSize = live.Value.RingSize;
    private readonly RedisValue _keepFor = (long)live.Value.IdleAfter.TotalMilliseconds;

    /// <summary>Numbers an event.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="liveEvent">What happened.</param>
    /// <param name="isAgain">Whether it may have been numbered before; then it is refused.</param>
    public async Task<(NumberedEvent? Numbered, string? Refusal)> PublishAsync(Guid requestId, LiveEvent liveEvent, bool isAgain)
    {
        RedisValue[] arguments =
        [
            LiveFields.KindOf(liveEvent), LiveFields.OrderOf(liveEvent), liveEvent.Name, LiveFields.Write(liveEvent),
            MemoryLiveStream.NewEpoch(), _ringSize, _keepFor, ChannelName(requestId), isAgain ? 1 : 0, LiveFields.StatusOf(liveEvent),
        ];
        var reply = (RedisResult[])(await EvaluateAsync(LiveScripts.Publish, [HashKey(requestId), RingKey(requestId)], arguments))!;
        return reply.Length == 1
            ? (null, (string)reply[0]!)
            : (new NumberedEvent(new Cursor((string)reply[0]!, (long)reply[1]), liveEvent), null);
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
    public async Task<ChannelMessageQueue> HearAsync(Guid requestId)
    {
        var channel = RedisChannel.Sharded(ChannelName(requestId));
        var channels = link.Channels;
        try
        {
            return await channels.SubscribeAsync(channel);
        }
        catch
        {
            // The client would keep a queue that nobody reads, and fill it when the connection is back.
            await channels.UnsubscribeAsync(channel, flags: CommandFlags.FireAndForget);
            throw;
        }
    }

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

    // The braces decide the slot of a cluster.
    private string HashKey(Guid requestId) => $"{_prefix}:{{{requestId:N}}}:now";

    private string RingKey(Guid requestId) => $"{_prefix}:{{{requestId:N}}}:ring";

    private string ChannelName(Guid requestId) => $"{_prefix}:{{{requestId:N}}}:live";
}
