namespace ArtMqtt.DeviceAgent.Commands;

/// <summary>Something the user has to change; the message says what.</summary>
internal sealed class UsageException(string message) : Exception(message);
