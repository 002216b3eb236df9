namespace ArtMqtt.Store.Requests;

/// <summary>Which changes of requests are wanted; what is null does not matter.</summary>
/// <param name="RequestId">Of this request.</param>
/// <param name="DeviceId">While this device was assigned.</param>
/// <param name="From">At this time or later.</param>
/// <param name="To">Before this time.</param>
public sealed record RequestEventFilter(
    Guid? RequestId = null, string? DeviceId = null, DateTimeOffset? From = null, DateTimeOffset? To = null);
