namespace ArtMqtt.Spool;

/// <summary>A record could not be made durable: the disk is full or failing.</summary>
public sealed class SpoolFailedException(string message, Exception innerException)
    : IOException(message, innerException);
