namespace ArtMqtt.TestKit.Chaos;

/// <summary>What a <see cref="ChaosProxy"/> does to a connection.</summary>
public enum ChaosFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is reset at once, and for a moment nobody listens.</summary>
    Refuse,

    /// <summary>It is reset after some bytes, in the middle of whatever they are.</summary>
    Cut,

    /// <summary>One direction ends after some bytes; what follows in it is lost, the other goes on.</summary>
    HalfClose,

    /// <summary>One direction rests for a while after some bytes; it is cut after as many more.</summary>
    Stall,

    /// <summary>A WebSocket is answered with 403.</summary>
    ForbidUpgrade,

    /// <summary>A WebSocket arrives as a plain GET: the headers that ask for it are gone.</summary>
    StripUpgrade,

    /// <summary>A WebSocket gets no answer.</summary>
    HangUpgrade,
}
