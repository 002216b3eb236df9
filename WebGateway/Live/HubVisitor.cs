using Microsoft.AspNetCore.SignalR;

namespace ArtMqtt.WebGateway.Live;

/// <summary>Who is connected to the hub.</summary>
/// <param name="Context">The connection.</param>
/// <param name="Connection">What it watches.</param>
/// <param name="ConnectedAt">Since when, UTC.</param>
internal sealed record HubVisitor(HubCallerContext Context, WatchingConnection Connection, DateTimeOffset ConnectedAt);
