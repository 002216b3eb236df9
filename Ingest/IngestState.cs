namespace ArtMqtt.Ingest;

/// <summary>Whether positions reach the database at the moment, for health.</summary>
internal sealed class IngestState
{
    private volatile string? _failure;

    /// <summary>Why nothing can be stored now, or null.</summary>
    public string? Failure => _failure;

    /// <summary>A write failed and is tried again.</summary>
    public void Failed(string reason) => _failure = reason;

    /// <summary>A write succeeded.</summary>
    public void Recovered() => _failure = null;
}
