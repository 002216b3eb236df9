using System.Text.Json.Serialization;

namespace ArtMqtt.Contracts.Live;

/// <summary><c>request:eta</c>: when the operator will be at the pickup point. Only while the request is en route.</summary>
/// <param name="EtaSeconds">Seconds from <paramref name="ComputedAt"/> to the arrival.</param>
/// <param name="EtaAt">The arrival, milliseconds since 1970; who shows a countdown counts down to it.</param>
/// <param name="DistanceMeters">Metres still to drive, as estimated.</param>
/// <param name="Low">Seconds from <paramref name="ComputedAt"/> that it takes at least, in nine of ten drives.</param>
/// <param name="High">Seconds from <paramref name="ComputedAt"/> that it takes at most, in nine of ten drives.</param>
/// <param name="Source">What said so: <c>history</c>, <c>recent</c>, <c>osrm</c> or <c>valhalla</c>.</param>
/// <param name="ComputedAt">When, milliseconds since 1970.</param>
public sealed record EtaEvent(
    int EtaSeconds, long EtaAt, int DistanceMeters, int Low, int High, string Source, long ComputedAt) : LiveEvent
{
    /// <summary>The name on the wire.</summary>
    public const string WireName = "request:eta";

    /// <summary>
    /// The threshold in seconds that this event is the first to be below, of those that are configured; null when none is
    /// passed. Each comes once per drive.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Threshold { get; init; }

    /// <summary>Seconds later than what was said first, when that is so much that the customer is told; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? DelayedSeconds { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => WireName;
}
