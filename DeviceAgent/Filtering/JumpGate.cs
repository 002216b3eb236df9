using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Filtering;

/// <summary>
/// Holds back places that cannot be reached in the time. When some of them agree with each other, it was the old place
/// that was wrong, or the vehicle was carried: they are believed.
/// </summary>
internal sealed class JumpGate
{
    private const int Agreeing = 3;

    // What a receiver is off without saying so.
    private const double Slack = 30;

    private Position? _believed;
    private Position _other;
    private int _count;

    /// <summary>Whether the fix may pass.</summary>
    public bool Passes(in Position fix, double maxSpeed)
    {
        // A clock that was set back says nothing about speed.
        if (_believed is not { } before || fix.FixTime <= before.FixTime || IsReachable(before, fix, maxSpeed))
        {
            (_believed, _count) = (fix, 0);
            return true;
        }

        _count = _count > 0 && IsReachable(_other, fix, maxSpeed) ? _count + 1 : 1;
        _other = fix;
        if (_count < Agreeing)
        {
            return false;
        }

        (_believed, _count) = (fix, 0);
        return true;
    }

    private static bool IsReachable(in Position from, in Position to, double maxSpeed) =>
        Geo.Distance(from, to) <= Slack + (from.Accuracy ?? 0) + (to.Accuracy ?? 0)
            + (maxSpeed * (to.FixTime - from.FixTime).TotalSeconds);
}
