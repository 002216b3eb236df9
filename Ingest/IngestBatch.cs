using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Ingest;

/// <summary>Consecutive spool records, decoded.</summary>
internal sealed class IngestBatch
{
    /// <summary>Number of the last record; acknowledged when everything here is stored.</summary>
    public long Last { get; set; }

    /// <summary>What goes to the positions.</summary>
    public List<ReceivedPositions> Received { get; } = [];

    /// <summary>What goes to the dead letters.</summary>
    public List<RejectedPayload> Rejected { get; } = [];

    /// <summary>Positions in <see cref="Received"/>.</summary>
    public int PositionCount { get; set; }
}
