using System.Globalization;
using System.Text.Json;
using ArtMqtt.Live.Nodes;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ArtMqtt.Live.Redis.Nodes;

/// <summary>What nodes tell Redis of themselves, and learn from it of others.</summary>
internal sealed class NodeCommands(RedisLink link, ThisNode node, IOptions<RedisOptions> redis, IOptions<NodesOptions> nodes)
{
    // A node that cannot stay up leaves one behind with each start.
    private const int MaxNodes = 500;

    private readonly RedisKey[] _keys = [$"{redis.Value.Prefix}:{{nodes}}:reports", $"{redis.Value.Prefix}:{{nodes}}:times"];
    private readonly RedisValue _forgetAfter = (long)nodes.Value.ForgetAfter.TotalMilliseconds;

    /// <summary>Tells how this node is doing.</summary>
    /// <returns>What each node said, and how long ago.</returns>
    public async Task<IReadOnlyDictionary<string, (NodeReport Report, TimeSpan Age)>> BeatAsync(NodeReport report) =>
        Read((RedisResult[])(await EvaluateAsync(JsonSerializer.Serialize(report, JsonSerializerOptions.Web)))!);

    /// <summary>Says that this node stops: it is not missed.</summary>
    public Task LeaveAsync() => EvaluateAsync("");

    private Task<RedisResult> EvaluateAsync(string report) =>
        link.Database.ScriptEvaluateAsync(NodeScripts.Beat, _keys, [node.Id, report, _forgetAfter, MaxNodes]);

    private static Dictionary<string, (NodeReport Report, TimeSpan Age)> Read(RedisResult[] reply)
    {
        var now = Number(reply[0]);
        var times = Pairs(reply[1]).ToDictionary(pair => (string)pair.Name!, pair => Number(pair.Value), StringComparer.Ordinal);
        var found = new Dictionary<string, (NodeReport, TimeSpan)>(StringComparer.Ordinal);
        foreach (var (id, json) in Pairs(reply[2]))
        {
            if (times.TryGetValue((string)id!, out var at) && TryRead((string)json!) is { } report)
            {
                found[report.Id] = (report, TimeSpan.FromMilliseconds(Math.Max(0, now - at)));
            }
        }

        return found;
    }

    // Of a newer version perhaps: then that node is not shown on this one.
    private static NodeReport? TryRead(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<NodeReport>(json, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // RESP2 has a list, RESP3 for some commands a list of pairs.
    private static IEnumerable<(RedisResult Name, RedisResult Value)> Pairs(RedisResult list)
    {
        var items = (RedisResult[])list!;
        return items is [{ Resp3Type: ResultType.Array }, ..]
            ? items.Select(pair => (((RedisResult[])pair!)[0], ((RedisResult[])pair!)[1]))
            : items.Chunk(2).Select(pair => (pair[0], pair[1]));
    }

    private static double Number(RedisResult result) => double.Parse((string)result!, NumberStyles.Float, CultureInfo.InvariantCulture);
}
