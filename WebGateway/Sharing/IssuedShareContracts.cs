using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>A link and what it is for.</summary>
/// <param name="RequestId">The request it opens.</param>
/// <param name="Status">Where that stands.</param>
/// <param name="Share">The link.</param>
internal sealed record IssuedShareView(Guid RequestId, RequestStatus Status, ShareView Share);

/// <summary>A page of links, newest first.</summary>
/// <param name="Items">The links.</param>
/// <param name="Next">Give it back as <c>after</c> for the next page; null on the last.</param>
internal sealed record IssuedSharePage(IReadOnlyList<IssuedShareView> Items, string? Next);
