namespace ArtMqtt.Store.LifeCycle;

/// <summary>How long the history of some devices is kept.</summary>
/// <param name="Prefix">What their ids begin with; empty for all that no longer prefix names.</param>
/// <param name="Positions">Their positions; null: for ever.</param>
/// <param name="Hours">What was summed up of them; null: for ever.</param>
public sealed record FleetRetention(string Prefix, TimeSpan? Positions, TimeSpan? Hours);
