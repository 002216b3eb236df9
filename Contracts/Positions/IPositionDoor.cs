namespace ArtMqtt.Contracts.Positions;

/// <summary>
/// Takes positions of callers that another part of this node has signed in. There with the role broker, whose rules and
/// spool they go through: accepted means durable, as a PUBACK does.
/// </summary>
public interface IPositionDoor
{
    /// <summary>Publishes to a request.</summary>
    /// <param name="caller">Who it is.</param>
    /// <param name="requestId">The request.</param>
    /// <param name="role">As its operator or its customer.</param>
    /// <param name="json">A position, or an array of them (docs/wire-format.md).</param>
    ValueTask<PositionDoorResult> PublishAsync(
        PositionCaller caller, Guid requestId, PositionRole role, ReadOnlyMemory<byte> json);
}

/// <summary>Who comes with positions: a device, or the customer of a request; neither for anybody else.</summary>
/// <param name="DeviceId">The device, or null.</param>
/// <param name="CustomerOf">The customer's request, or null.</param>
public readonly record struct PositionCaller(string? DeviceId, Guid? CustomerOf);

/// <summary>What became of the positions.</summary>
/// <param name="Accepted">How many are durable.</param>
/// <param name="ErrorCode">Why they were refused, a code of docs/errors.md; null when they were not.</param>
/// <param name="Detail">For the caller: what to change.</param>
public readonly record struct PositionDoorResult(int Accepted, string? ErrorCode, string? Detail);
