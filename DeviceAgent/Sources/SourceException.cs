namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>A source that cannot be read at all; the message names the file, the line and what is wrong.</summary>
internal sealed class SourceException(string message, Exception? innerException = null)
    : Exception(message, innerException);
