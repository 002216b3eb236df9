namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>A request that a device is on its way to.</summary>
/// <param name="RequestId">Its id.</param>
/// <param name="Token">Token of its customer.</param>
/// <param name="Link">Page of its customer, token included.</param>
/// <param name="Device">Who drives.</param>
internal sealed record Job(Guid RequestId, string Token, Uri Link, Credential Device);
