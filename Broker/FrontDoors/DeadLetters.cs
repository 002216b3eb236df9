using ArtMqtt.Broker.Intake;

namespace ArtMqtt.Broker.FrontDoors;

/// <summary>Which bad payloads an app is told to forget.</summary>
internal static class DeadLetters
{
    /// <summary>
    /// Whether the payload will never be a position and trying again is useless. These apps send a payload again,
    /// before all others, until they see 2xx: any other answer would hold up all that is behind it for ever.
    /// </summary>
    /// <remarks>
    /// What a person can put right in the app is not final: what is encrypted, or too much at once, stays there.
    /// </remarks>
    public static bool AreFinal(IntakeResult result) => result is
    {
        Code: IntakeCode.PayloadInvalid,
        ErrorCode: not ("position_encrypted" or "position_batch_too_large"),
    };
}
