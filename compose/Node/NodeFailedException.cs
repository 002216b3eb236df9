namespace ArtMqtt.Node;

/// <summary>The node ran and had to stop. What happened is in the log.</summary>
internal sealed class NodeFailedException(string message, Exception innerException) : Exception(message, innerException);
