using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Filtering;

/// <summary>
/// Lets time go forward only. A receiver whose clock was wrong and is right now is believed again after some fixes that
/// agree: one date in the future must not silence a vehicle until then.
/// </summary>
internal sealed class TimeGate
{
    private const int Agreeing = 5;

    private DateTimeOffset? _newest;
    private DateTimeOffset _other;
    private int _count;

    /// <summary>Null when the fix may pass.</summary>
    public FilterVerdict? Judge(in Position fix)
    {
        if (_newest is null || fix.FixTime > _newest)
        {
            (_newest, _count) = (fix.FixTime, 0);
            return null;
        }

        if (fix.FixTime == _newest)
        {
            return FilterVerdict.Duplicate;
        }

        _count = _count > 0 && fix.FixTime > _other && fix.FixTime - _other < TimeSpan.FromMinutes(1) ? _count + 1 : 1;
        _other = fix.FixTime;
        if (_count < Agreeing)
        {
            return FilterVerdict.Backward;
        }

        (_newest, _count) = (fix.FixTime, 0);
        return null;
    }
}
