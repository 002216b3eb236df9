namespace ArtMqtt.DeviceAgent.Filtering;

/// <summary>What becomes of a fix.</summary>
internal enum FilterVerdict
{
    /// <summary>It is worth keeping.</summary>
    Kept,

    /// <summary>The route is told well enough without it.</summary>
    Redundant,

    /// <summary>The device stands.</summary>
    Stationary,

    /// <summary>The same time as the one before.</summary>
    Duplicate,

    /// <summary>Older than the one before.</summary>
    Backward,

    /// <summary>The receiver knows only roughly where it is.</summary>
    Inaccurate,

    /// <summary>A jump that no vehicle makes.</summary>
    Outlier,
}
