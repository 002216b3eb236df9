namespace ArtMqtt.Live.Nodes;

/// <summary>Where there is no Redis: this node is the only one that is known.</summary>
internal sealed class SingleNode(ThisNode node) : INodeList, INodeLine
{
    /// <inheritdoc/>
    public async Task<SeenNodes> ListAsync(CancellationToken cancellationToken)
    {
        var report = await node.ReportAsync(cancellationToken);
        return new SeenNodes(IsComplete: true, [new SeenNode(report, report.Condition, TimeSpan.Zero, IsThis: true)]);
    }

    /// <inheritdoc/>
    public Task<NodeAnswers> AskAsync(string topic, byte[] question, CancellationToken cancellationToken) =>
        Task.FromResult(new NodeAnswers(IsComplete: true, [], []));
}
