namespace ArtMqtt.Contracts.Positions;

/// <summary>
/// Takes a dead letter in once more, by the rules of today: with the role broker, whose rules and spool it goes through.
/// Accepted means durable; nothing of it is shown live.
/// </summary>
public interface IDeadLetterDoor
{
    /// <summary>Tries. A letter that is refused again stays what it is: no other one is made of it.</summary>
    ValueTask<DeadLetterResult> RetryAsync(RejectedPayload letter, CancellationToken cancellationToken);
}

/// <summary>What became of a dead letter.</summary>
/// <param name="Accepted">How many positions are durable.</param>
/// <param name="ErrorCode">Why it, or a part of it, was refused again; null when it was not.</param>
/// <param name="Detail">The same in words.</param>
public readonly record struct DeadLetterResult(int Accepted, string? ErrorCode, string? Detail);
