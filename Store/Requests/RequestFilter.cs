using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Store.Requests;

/// <summary>Which requests are wanted; what is null or empty does not matter.</summary>
/// <param name="Statuses">One of these.</param>
/// <param name="DeviceId">Assigned to this device.</param>
/// <param name="From">Created at this time or later.</param>
/// <param name="To">Created before this time.</param>
public sealed record RequestFilter(
    IReadOnlyList<RequestStatus> Statuses, string? DeviceId = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    /// <summary>All of them.</summary>
    public static RequestFilter None { get; } = new([]);
}
