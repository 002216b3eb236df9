namespace ArtMqtt.Live;

/// <summary>What became of an event that was numbered elsewhere.</summary>
internal enum Taken
{
    /// <summary>It was the next one; watchers have been told.</summary>
    Next,

    /// <summary>It was here before.</summary>
    Known,

    /// <summary>Events before it are missing.</summary>
    Early,

    /// <summary>It is of another epoch.</summary>
    Foreign,
}
