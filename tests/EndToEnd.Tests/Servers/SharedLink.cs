namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>A link that a dispatcher handed out.</summary>
/// <param name="Resource">Its address in the API.</param>
/// <param name="Token">What opens it.</param>
/// <param name="Link">Its page.</param>
internal sealed record SharedLink(Uri Resource, string Token, Uri Link);
