using ArtMqtt.Contracts.Live;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>
/// Decides what of the estimates of one drive is told: smoothed, and only what differs enough from what was told last, passes
/// a threshold, or is a delay. No I/O; not thread-safe.
/// </summary>
internal sealed class EtaTrack(EtaOptions options)
{
    private readonly IReadOnlyList<TimeSpan> _thresholds = options.OrderedThresholds;
    private int _thresholdsPassed;
    private DateTimeOffset _promised;
    private DateTimeOffset _smoothed;
    private DateTimeOffset _estimatedAt;
    private DateTimeOffset _told;
    private DateTimeOffset _toldAt;
    private bool _isFirst = true;
    private bool _isDelayed;

    /// <summary>Takes the next estimate.</summary>
    /// <param name="estimate">How long it takes from where the operator was.</param>
    /// <param name="fixTime">When the operator was there.</param>
    /// <param name="now">Our clock.</param>
    /// <returns>What is to be told, or null.</returns>
    public EtaNews? Next(EtaEstimate estimate, DateTimeOffset fixTime, DateTimeOffset now)
    {
        Smooth(fixTime.AddSeconds(estimate.Seconds), now);
        var left = Later(_smoothed, now) - now;
        var threshold = PassThreshold(left);
        var isNewDelay = UpdateDelay();
        var change = (_smoothed - _told).Duration();
        var least = TimeSpan.FromSeconds(Math.Max(options.MinChange.TotalSeconds, options.MinChangePart * left.TotalSeconds));
        if (!_isFirst && threshold is null && !isNewDelay && change <= least && now - _toldAt < options.Refresh)
        {
            return null;
        }

        (_isFirst, _told, _toldAt) = (false, _smoothed, now);
        return new EtaNews(ToEvent(estimate, left, now, threshold), threshold is not null || isNewDelay);
    }

    private void Smooth(DateTimeOffset arrival, DateTimeOffset now)
    {
        if (_isFirst)
        {
            _promised = _smoothed = arrival;
        }
        else
        {
            var passed = Math.Max(0, (now - _estimatedAt) / TimeSpan.FromSeconds(Math.Max(options.Smoothing.TotalSeconds, 1e-3)));
            _smoothed += (arrival - _smoothed) * (1 - Math.Exp(-passed));
        }

        _estimatedAt = now;
    }

    // The shortest of those that are passed now; who begins below some of them is not told of each.
    private int? PassThreshold(TimeSpan left)
    {
        var passed = _thresholds.Count(threshold => left <= threshold);
        if (passed <= _thresholdsPassed)
        {
            return null;
        }

        _thresholdsPassed = passed;
        return (int)_thresholds[passed - 1].TotalSeconds;
    }

    // A delay that was told is over when half of it is made up for.
    private bool UpdateDelay()
    {
        var (wasDelayed, delay) = (_isDelayed, _smoothed - _promised);
        _isDelayed = delay >= (wasDelayed ? options.DelayAfter / 2 : options.DelayAfter);
        return _isDelayed && !wasDelayed;
    }

    private EtaEvent ToEvent(EtaEstimate estimate, TimeSpan left, DateTimeOffset now, int? threshold)
    {
        // What smoothing changes, it changes in the band as well.
        var scale = estimate.Seconds <= 0 ? 1 : left.TotalSeconds / estimate.Seconds;
        return new EtaEvent(
            Seconds(left.TotalSeconds), (now + left).ToUnixTimeMilliseconds(), (int)Math.Round(estimate.Distance),
            Seconds(estimate.Low * scale), Seconds(estimate.High * scale), estimate.Source, now.ToUnixTimeMilliseconds())
        {
            Threshold = threshold,
            DelayedSeconds = _isDelayed ? Seconds((_smoothed - _promised).TotalSeconds) : null,
        };
    }

    private static int Seconds(double seconds) => (int)Math.Round(seconds);

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}

/// <summary>What watchers are told.</summary>
/// <param name="Event">The event.</param>
/// <param name="IsMilestone">Whether a threshold was passed or a delay began.</param>
internal sealed record EtaNews(EtaEvent Event, bool IsMilestone);
