namespace ArtMqtt.Spool.Segments;

/// <summary>Where records are, for who reads them.</summary>
internal interface ISegments
{
    /// <summary>Number of the newest acknowledged record.</summary>
    long Acknowledged { get; }

    /// <summary>The segment with this number or, when it is gone, the next one; where it ends now.</summary>
    /// <returns>Null when there is none yet.</returns>
    SegmentView? Find(long number);
}
