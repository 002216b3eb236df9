using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Store.Sharing;

/// <summary>The part of a request's life that a share shows.</summary>
/// <param name="From">The first status of it.</param>
/// <param name="To">The last one; not before the first, not final.</param>
public readonly record struct SharePhase(RequestStatus From, RequestStatus To)
{
    /// <summary>Where a request in this status stands to it.</summary>
    public PhaseStanding StandingAt(RequestStatus status) =>
        status > To ? PhaseStanding.Over
        : status < From ? PhaseStanding.Before
        : PhaseStanding.Within;
}

/// <summary>Whether a phase has begun, and is over.</summary>
public enum PhaseStanding
{
    /// <summary>It has not begun.</summary>
    Before,

    /// <summary>It lasts.</summary>
    Within,

    /// <summary>It is over and does not come back.</summary>
    Over,
}
