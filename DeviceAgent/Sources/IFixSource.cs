using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>Where fixes come from. What cannot be used is counted, never thrown.</summary>
internal interface IFixSource
{
    /// <summary>What was read and what was left out so far.</summary>
    SourceCounts Counts { get; }

    /// <summary>The usable fixes in the order of the source; may be read again from the start.</summary>
    /// <exception cref="SourceException">The source as a whole is not what it should be.</exception>
    IAsyncEnumerable<Position> ReadAsync(CancellationToken cancellationToken);
}
