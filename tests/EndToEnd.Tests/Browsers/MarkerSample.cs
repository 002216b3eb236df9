namespace ArtMqtt.EndToEnd.Tests.Browsers;

/// <summary>The operator's marker in one frame of the browser.</summary>
internal sealed record MarkerSample
{
    /// <summary>Degrees north.</summary>
    public double Lat { get; init; }

    /// <summary>Degrees east.</summary>
    public double Lng { get; init; }

    /// <summary>Fix time of the newest position, ms since 1970.</summary>
    public double Fix { get; init; }

    /// <summary>Whether the marker is grey.</summary>
    public bool IsStale { get; init; }
}
