namespace ArtMqtt.Store.Changes;

/// <summary>The database is not set up for row changes.</summary>
internal sealed class ChangeFeedException(string message) : Exception(message);
