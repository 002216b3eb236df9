namespace ArtMqtt.Live.Nodes;

/// <summary>Asks all other nodes something.</summary>
public interface INodeLine
{
    /// <summary>Asks, and waits for all answers, at most <see cref="NodesOptions.AnswerTimeout"/>.</summary>
    /// <param name="topic">Which <see cref="INodeAnswerer"/> there is asked.</param>
    /// <param name="question">What it is asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<NodeAnswers> AskAsync(string topic, byte[] question, CancellationToken cancellationToken);
}

/// <summary>Answers what other nodes ask.</summary>
public interface INodeAnswerer
{
    /// <summary>What it is asked about.</summary>
    string Topic { get; }

    /// <summary>Answers, at once; called by one at a time.</summary>
    byte[] Answer(ReadOnlyMemory<byte> question);
}

/// <summary>What other nodes answered.</summary>
/// <param name="IsComplete">False while Redis is away: then nobody could be asked, and there may be nodes that are not known.</param>
/// <param name="Answers">The answers there are.</param>
/// <param name="Silent">Names of nodes that did not answer, missing ones among them.</param>
public sealed record NodeAnswers(bool IsComplete, IReadOnlyList<byte[]> Answers, IReadOnlyList<string> Silent);
