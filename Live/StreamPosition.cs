using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Live;

/// <summary>Where a stream stood when its process ended.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Epoch">Its incarnation.</param>
/// <param name="Sequence">Number of its last event.</param>
/// <param name="Status">The last status it told.</param>
internal sealed record StreamPosition(Guid RequestId, string Epoch, long Sequence, RequestStatus Status);
