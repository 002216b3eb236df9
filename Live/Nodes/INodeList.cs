namespace ArtMqtt.Live.Nodes;

/// <summary>The nodes of this installation: those that share its Redis, or this one alone.</summary>
public interface INodeList
{
    /// <summary>All that are known at this moment; this node is looked at first.</summary>
    Task<SeenNodes> ListAsync(CancellationToken cancellationToken);
}
