using System.Security.Claims;
using ArtMqtt.Contracts.Clients;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Security;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace ArtMqtt.WebGateway.Live;

/// <summary>The browsers on the hub of this node.</summary>
internal sealed class HubClients(WatchingConnections connections, IFleetDirectory fleet) : IConnectedClients
{
    /// <inheritdoc/>
    public string Way => "hub";

    /// <inheritdoc/>
    public IEnumerable<ConnectedClient> List(TenantScope scope) =>
        connections.Visitors.Where(visitor => scope.Covers(TenantOf(visitor.Context.User!))).Select(Describe);

    /// <inheritdoc/>
    public bool Disconnect(TenantScope scope, string id)
    {
        if (connections.Find(id) is not { } visitor || !scope.Covers(TenantOf(visitor.Context.User!)))
        {
            return false;
        }

        visitor.Context.Abort();
        return true;
    }

    private ConnectedClient Describe(HubVisitor visitor)
    {
        var (context, user) = (visitor.Context, visitor.Context.User!);
        var transport = context.Features.Get<IHttpTransportFeature>()?.TransportType ?? HttpTransportType.None;
        return new ConnectedClient(
            context.ConnectionId, context.ConnectionId, user.FindFirst(ClaimTypes.Role)?.Value ?? "", visitor.ConnectedAt)
        {
            DeviceId = user.DeviceId(),
            RequestId = user.RequestId(),
            Subject = user.Subject(),
            Tenant = TenantOf(user),
            Address = context.GetHttpContext() is { } http ? CallerAddress.Of(http) : "",
            Protocol = $"SignalR, {transport.ToString().ToLowerInvariant()}",
            Subscriptions = visitor.Connection.Watches,
        };
    }

    private string? TenantOf(ClaimsPrincipal user) =>
        user.DeviceId() is { } deviceId ? fleet.FindDevice(deviceId)?.Tenant
        : user.RequestId() is { } requestId ? fleet.FindTenant(requestId)
        : user.Tenant();
}
