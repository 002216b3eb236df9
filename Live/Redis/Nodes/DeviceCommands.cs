using ArtMqtt.Live.Nodes;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ArtMqtt.Live.Redis.Nodes;

/// <summary>What a node tells Redis of its devices, and asks about those of others.</summary>
internal sealed class DeviceCommands(RedisLink link, ThisNode node, IOptions<RedisOptions> redis)
{
    /// <summary>Most devices in one command.</summary>
    public const int MaxAtOnce = 500;

    // Longer than anybody waits for a node that is gone; as long as it runs, it is renewed.
    private static readonly TimeSpan _keepFor = TimeSpan.FromDays(1);
    private static readonly RedisValue _keepForMilliseconds = (long)_keepFor.TotalMilliseconds;

    private readonly string _prefix = $"{redis.Value.Prefix}:{{nodes}}";

    private string ChannelName => $"{_prefix}:devices";

    /// <summary>Hears of the changes of all nodes.</summary>
    public async Task ListenAsync(Action<RedisValue> hear) =>
        (await link.HearAsync(RedisChannel.Sharded(ChannelName))).OnMessage(message => hear(message.Message));

    /// <summary>Tells changes; without any, only that the node still has what it had.</summary>
    /// <returns>Their number; -1 when Redis knows something else than what was told before.</returns>
    public async Task<long> ChangeAsync(long number, IReadOnlyList<KeyValuePair<string, long?>> changes) =>
        (long)await link.Database.ScriptEvaluateAsync(
            DeviceScripts.Change, [KeyOf(node.Id)],
            [
                node.Id, number, _keepForMilliseconds, ChannelName,
                .. changes.SelectMany(change => (RedisValue[])[change.Key, change.Value is { } since ? since : RedisValue.EmptyString]),
            ]);

    /// <summary>Tells all of it again.</summary>
    /// <returns>The number of that change, and whether others had given the node up.</returns>
    public async Task<(long Number, bool IsGivenUp)> ReplaceAsync(long number, IReadOnlyList<KeyValuePair<string, long>> devices)
    {
        RedisKey anew = $"{KeyOf(node.Id)}:new";
        await link.Database.KeyDeleteAsync(anew);
        foreach (var some in devices.Chunk(MaxAtOnce))
        {
            await link.Database.HashSetAsync(anew, [.. some.Select(device => new HashEntry(device.Key, device.Value))]);
        }

        var reply = (RedisResult[])(await link.Database.ScriptEvaluateAsync(
            DeviceScripts.Replace, [KeyOf(node.Id), anew, GivenUpKeyOf(node.Id)], [node.Id, number, _keepForMilliseconds, ChannelName]))!;
        return ((long)reply[0], (long)reply[1] == 1);
    }

    /// <summary>Numbers of the last changes of other nodes; -1 for one that Redis knows nothing of.</summary>
    public async Task<long[]> NumbersAsync(IReadOnlyList<string> nodes) => nodes.Count == 0 ? [] :
        (long[])(await link.Database.ScriptEvaluateAsync(DeviceScripts.Numbers, [.. nodes.Select(id => (RedisKey)KeyOf(id))]))!;

    /// <summary>What another node has; null when Redis knows nothing of it.</summary>
    public async Task<(long Number, Dictionary<string, long> Devices)?> LoadAsync(string id)
    {
        var entries = await link.Database.HashGetAllAsync(KeyOf(id));
        var number = entries.FirstOrDefault(entry => entry.Name == ":");
        return number.Value.IsNull ? null : (
            (long)number.Value,
            entries.Where(entry => entry.Name != ":").ToDictionary(
                entry => (string)entry.Name!, entry => (long)entry.Value, StringComparer.Ordinal));
    }

    /// <summary>Gives a node up; true for the one that does it first.</summary>
    public async Task<bool> GiveUpAsync(string id) =>
        await link.Database.StringSetAsync(GivenUpKeyOf(id), node.Id, _keepFor, When.NotExists)
        // It may have done so before, without an answer: nobody else would say it then.
        || await link.Database.StringGetAsync(GivenUpKeyOf(id)) == node.Id;

    /// <summary>Whether that is this node.</summary>
    public bool IsOwn(string id) => id == node.Id;

    /// <summary>Forgets what this node had.</summary>
    public Task ForgetOwnAsync() => ForgetAsync(node.Id);

    /// <summary>Forgets what a node had.</summary>
    public Task ForgetAsync(string id) => link.Database.KeyDeleteAsync(KeyOf(id));

    private string KeyOf(string id) => $"{_prefix}:devices:{id}";

    private RedisKey GivenUpKeyOf(string id) => $"{_prefix}:given-up:{id}";
}
