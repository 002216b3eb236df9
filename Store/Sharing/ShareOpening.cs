namespace ArtMqtt.Store.Sharing;

/// <summary>That somebody opened a shared link.</summary>
/// <param name="ShareId">The share.</param>
/// <param name="At">UTC.</param>
/// <param name="Address">Network it came from, shortened as the settings say.</param>
/// <param name="Agent">Kind of program.</param>
/// <param name="Way">hub, stream or poll.</param>
public sealed record ShareOpening(uint ShareId, DateTimeOffset At, string Address, string Agent, string Way);
