namespace ArtMqtt.Node.Commands;

/// <summary>The verb could not be done. The message is for the person who gave it.</summary>
internal sealed class CommandException(string message) : Exception(message);
