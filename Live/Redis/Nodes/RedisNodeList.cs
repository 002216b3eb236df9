using ArtMqtt.Live.Nodes;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Live.Redis.Nodes;

/// <summary>
/// What this node knows of the others: what they said when it last heard of them. While Redis is away, and for a moment after it,
/// nobody counts as missing for having said nothing.
/// </summary>
internal sealed class RedisNodeList(ThisNode node, IOptions<NodesOptions> options, TimeProvider time) : INodeList
{
    private readonly Lock _gate = new();
    private IReadOnlyDictionary<string, (NodeReport Report, TimeSpan Age)> _heard =
        new Dictionary<string, (NodeReport, TimeSpan)>(StringComparer.Ordinal);

    private long _heardAt = time.GetTimestamp();
    private long? _contactSince;

    /// <summary>After each answer of Redis, and each time that there is none.</summary>
    public event Action? Asked;

    /// <summary>Redis has answered.</summary>
    public void Take(IReadOnlyDictionary<string, (NodeReport Report, TimeSpan Age)> heard)
    {
        lock (_gate)
        {
            (_heard, _heardAt) = (heard, time.GetTimestamp());
            _contactSince ??= _heardAt;
        }

        Asked?.Invoke();
    }

    /// <summary>It did not answer.</summary>
    public void Lose()
    {
        lock (_gate)
        {
            _contactSince = null;
        }

        Asked?.Invoke();
    }

    /// <inheritdoc/>
    public async Task<SeenNodes> ListAsync(CancellationToken cancellationToken)
    {
        var report = await node.ReportAsync(cancellationToken);
        var seen = Look();
        return seen with
        {
            Nodes =
            [
                .. seen.Nodes.Append(new SeenNode(report, report.Condition, TimeSpan.Zero, IsThis: true))
                    .OrderBy(one => one.Report.Name, StringComparer.Ordinal).ThenBy(one => one.Report.StartedAt),
            ],
        };
    }

    /// <summary>The other nodes.</summary>
    public SeenNodes Look()
    {
        lock (_gate)
        {
            return new SeenNodes(_contactSince is not null, [.. Others()]);
        }
    }

    private IEnumerable<SeenNode> Others()
    {
        var all = _heard.Values.Where(one => one.Report.Id != node.Id)
            .Select(one => new SeenNode(one.Report, ConditionOf(one.Report, one.Age), HeardFor(one.Age), IsThis: false))
            .Where(one => one.HeardFor <= options.Value.ForgetAfter)
            .ToList();
        // One that was started again under its name is not missed.
        var present = all.Where(one => one.Condition != NodeCondition.Missing).Select(one => one.Report.Name)
            .Append(node.Name).ToHashSet(StringComparer.Ordinal);
        return all.Where(one => one.Condition != NodeCondition.Missing || !present.Contains(one.Report.Name));
    }

    private TimeSpan HeardFor(TimeSpan age) => age + time.GetElapsedTime(_heardAt);

    // What is long ago says nothing before this node has listened for as long itself.
    private NodeCondition ConditionOf(NodeReport report, TimeSpan age) =>
        _contactSince is not { } since ? NodeCondition.Unknown
        : HeardFor(age) >= options.Value.MissingAfter && time.GetElapsedTime(since) >= options.Value.MissingAfter ? NodeCondition.Missing
        : report.Condition;
}
