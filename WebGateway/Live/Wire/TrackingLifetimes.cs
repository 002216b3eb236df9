using Microsoft.AspNetCore.SignalR;

namespace ArtMqtt.WebGateway.Live.Wire;

/// <summary>
/// Gives the hub the connection behind a call, so that what was encoded once can be written to it as it is. No other
/// way of SignalR leads there: what it offers encodes for each connection.
/// </summary>
internal sealed class TrackingLifetimes(ILogger<TrackingLifetimes> logger)
    : DefaultHubLifetimeManager<TrackingHub>(logger)
{
    /// <inheritdoc/>
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        connection.Features.Set(connection);
        return base.OnConnectedAsync(connection);
    }

    /// <summary>The connection of a hub call.</summary>
    public static HubConnectionContext Of(HubCallerContext context) =>
        context.Features.Get<HubConnectionContext>()!;
}
