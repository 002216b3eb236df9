namespace ArtMqtt.Node;

/// <summary>The node cannot start, and a person can do something about it. The message says what.</summary>
internal sealed class StartException(string message) : Exception(message);
