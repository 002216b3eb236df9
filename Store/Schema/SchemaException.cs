namespace ArtMqtt.Store.Schema;

/// <summary>The database cannot be used by this version of the code, and trying again will not help.</summary>
public sealed class SchemaException(string message, Exception? innerException = null)
    : Exception(message, innerException);
