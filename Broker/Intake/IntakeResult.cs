using ArtMqtt.Contracts.Live;

namespace ArtMqtt.Broker.Intake;

/// <summary>What became of a publish.</summary>
internal enum IntakeCode
{
    /// <summary>Durable; may be acknowledged.</summary>
    Accepted,

    /// <summary>Taken, but nobody is subscribed to it.</summary>
    NoSubscribers,

    /// <summary>The client may not publish there, or not now.</summary>
    NotAuthorized,

    /// <summary>Not a position; it will never be one.</summary>
    PayloadInvalid,

    /// <summary>The spool is full or failing: nothing was kept, the client must keep it and try again.</summary>
    Unavailable,
}

/// <summary>What became of a publish, and what of it is to be shown live.</summary>
/// <param name="Code">What became of it.</param>
/// <param name="Detail">For the publisher: what to change. Null when accepted.</param>
/// <param name="RequestId">The request to show <paramref name="Live"/> in.</param>
/// <param name="Live">The newest believable position, when watchers may see it; else null.</param>
internal readonly record struct IntakeResult(IntakeCode Code, string? Detail, Guid RequestId, LocationEvent? Live)
{
    /// <summary>Accepted, with nothing to show.</summary>
    public static IntakeResult Taken => new(IntakeCode.Accepted, null, default, null);

    /// <summary>Accepted, and nobody is subscribed.</summary>
    public static IntakeResult NoSubscribers => new(IntakeCode.NoSubscribers, null, default, null);

    /// <summary>How many positions were taken in; 0 is fine for messages that carry none.</summary>
    public int Count { get; init; }

    /// <summary>Stable code of docs/errors.md when the payload, or a part of it, was bad; else null.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>A refusal.</summary>
    public static IntakeResult Refuse(IntakeCode code, string detail) => new(code, detail, default, null);
}
