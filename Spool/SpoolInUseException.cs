namespace ArtMqtt.Spool;

/// <summary>The folder of a spool belongs to another process at the moment.</summary>
public sealed class SpoolInUseException(string message, Exception inner) : IOException(message, inner);
