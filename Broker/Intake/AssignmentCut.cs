using System.Diagnostics.CodeAnalysis;
using ArtMqtt.Broker.Auth;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Broker.Intake;

/// <summary>
/// Cuts a backlog where the assignment began: what an operator did before is not the business of the customer who
/// waits now, so those positions are stored for the device alone.
/// </summary>
internal static class AssignmentCut
{
    /// <summary>False, the usual case, when all positions belong to the request, or none does anyway.</summary>
    /// <param name="decision">In which capacity the positions came.</param>
    /// <param name="received">One publish.</param>
    /// <param name="slack">How much older than the assignment a position may be; for clocks that are slow.</param>
    /// <param name="before">Without the request; at least one.</param>
    /// <param name="within">The rest, or null.</param>
    public static bool TryCut(
        PublishDecision decision, ReceivedPositions received, TimeSpan slack,
        [NotNullWhen(true)] out ReceivedPositions? before, out ReceivedPositions? within)
    {
        (before, within) = (null, null);
        if (decision is not { Role: PositionRole.Operator, Request.AssignedAt: { } assignedAt })
        {
            return false;
        }

        var since = assignedAt - slack;
        var early = 0;
        for (var i = 0; i < received.Positions.Count; i++)
        {
            early += received.Positions[i].Position.FixTime < since ? 1 : 0;
        }

        if (early == 0)
        {
            return false;
        }

        before = received with
        {
            Role = PositionRole.Device,
            RequestId = null,
            Positions = [.. received.Positions.Where(p => p.Position.FixTime < since)],
        };
        within = early == received.Positions.Count
            ? null
            : received with { Positions = [.. received.Positions.Where(p => p.Position.FixTime >= since)] };
        return true;
    }
}
