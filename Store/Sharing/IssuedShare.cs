using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Store.Sharing;

/// <summary>A share beside the status of its request.</summary>
public sealed record IssuedShare(ShareRecord Share, RequestStatus Status);
