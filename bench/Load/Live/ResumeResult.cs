using ArtMqtt.Load.Measure;

namespace ArtMqtt.Load.Live;

/// <summary>How long watchers take who come back after a long cut.</summary>
/// <param name="Behind">Events each of them missed; all of them came, or the run failed.</param>
/// <param name="Join">One at a time: from the TCP connect to the whole answer to <c>join:request</c>.</param>
/// <param name="Poll">One at a time: from the call to the whole answer of a poll, on an open connection.</param>
/// <param name="AtOnce">How many come back in one moment.</param>
/// <param name="JoinAtOnce">The same as <paramref name="Join"/> for them.</param>
internal sealed record ResumeResult(int Behind, Latency Join, Latency Poll, int AtOnce, Latency JoinAtOnce)
{
    /// <summary>The table to print.</summary>
    public IEnumerable<(string Label, string Value)> Rows() =>
    [
        ("events behind", $"{Behind:N0}"),
        .. Report.Rows("connect to caught up", Join),
        .. Report.Rows("poll", Poll),
        .. Report.Rows($"connect to caught up, {AtOnce} at once", JoinAtOnce),
    ];
}
