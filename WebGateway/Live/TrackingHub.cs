using System.Data.Common;
using System.Text.Json;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Live;
using ArtMqtt.Store.Routes;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Live.Fleet;
using ArtMqtt.WebGateway.Live.Wire;
using ArtMqtt.WebGateway.Security;
using ArtMqtt.WebGateway.Sharing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace ArtMqtt.WebGateway.Live;

/// <summary>Lets a browser watch the requests it may see, and publish positions to those it may publish to.</summary>
/// <param name="connections">The connections of this node.</param>
/// <param name="gate">Keeps tenants apart.</param>
/// <param name="seeder">Gives streams their first snapshot.</param>
/// <param name="fleet">Says where requests stand.</param>
/// <param name="view">Shows the whole fleet.</param>
/// <param name="doors">Where positions go in: one on a node with the role broker, else none.</param>
[Authorize]
internal sealed class TrackingHub(
    WatchingConnections connections, TenantGate gate, StreamSeeder seeder, IFleetDirectory fleet, FleetView view,
    IEnumerable<IPositionDoor> doors) : Hub
{
    private const int MaxSeedAttempts = 3;
    private const int MaxKeys = 1_000;

    /// <inheritdoc/>
    public override Task OnConnectedAsync()
    {
        connections.Open(Context);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        view.Leave(Context.ConnectionId);
        return connections.EndAsync(Context);
    }

    /// <summary>Starts the events of one request on this connection; the reply comes before the first of them.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="cursor">Where the caller stood before it lost touch, or null.</param>
    [HubMethodName("join:request")]
    public async Task<JoinReply> JoinRequest(string requestId, string? cursor)
    {
        var id = ParseRequest(requestId);
        var since = Cursor.TryParse(cursor, out var parsed) ? parsed : default(Cursor?);
        if (Context.User!.WhyOver(fleet) is { } end)
        {
            throw HubErrors.Create(end.Code(), end.Describe());
        }

        try
        {
            for (var attempt = 0; attempt < MaxSeedAttempts; attempt++)
            {
                if (!Context.User!.MayWatch(id) || !await gate.MayKnowAsync(Context.User!, id, Context.ConnectionAborted)
                    || !await seeder.EnsureAsync(id, Context.ConnectionAborted))
                {
                    throw HubErrors.Create(
                        ErrorCodes.RequestNotFound, "There is no such request, or it is not yours.");
                }

                if (await WatchingConnections.Of(Context).JoinAsync(id, since, Context.ConnectionAborted) is { } reply)
                {
                    return reply;
                }
            }
        }
        catch (DbException e) when (e.IsTransient)
        {
            throw HubErrors.Create(ErrorCodes.StoreUnavailable, "The database does not answer; try again.");
        }

        throw HubErrors.Create(ErrorCodes.InternalError, "The request could not be watched; try again.");
    }

    /// <summary>Stops the events of one request on this connection.</summary>
    [HubMethodName("leave:request")]
    public Task LeaveRequest(string requestId) =>
        WatchingConnections.Of(Context).LeaveAsync(ParseRequest(requestId), Context.ConnectionAborted);

    /// <summary>Publishes a position, or an array of them, of the operator: for the device that is assigned.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="position">As over MQTT: lat, lng, timestamp and what else is known.</param>
    /// <returns>How many are durable.</returns>
    [HubMethodName("location:update")]
    public Task<int> UpdateLocation(string requestId, JsonElement position) =>
        PublishAsync(requestId, PositionRole.Operator, position);

    /// <summary>The same of the request's customer.</summary>
    [HubMethodName("customer:location")]
    public Task<int> UpdateCustomerLocation(string requestId, JsonElement position) =>
        PublishAsync(requestId, PositionRole.Customer, position);

    /// <summary>
    /// Starts the frames of the fleet (<c>fleet:moved</c>) in a box, or moves the box; the next frame holds all that is in it.
    /// West is greater than east over the date line.
    /// </summary>
    [HubMethodName("fleet:watch")]
    public void WatchFleet(double west, double south, double east, double north)
    {
        var scope = ScopeOfReader();
        if (!(west is >= -180 and <= 180 && east is >= -180 and <= 180 && south is >= -90 and <= 90 && north <= 90 && south <= north))
        {
            throw HubErrors.Create(
                ErrorCodes.InvalidRequest, "A box is west and east of -180 to 180, south and north of -90 to 90, south not above north.");
        }

        if (!view.TryLook(TrackingLifetimes.Of(Context), scope, new BoundingBox(west, south, east, north)))
        {
            throw HubErrors.Create(ErrorCodes.TooManyConnections, "Too many look at the fleet; try again later.");
        }
    }

    /// <summary>Stops the frames of the fleet.</summary>
    [HubMethodName("fleet:leave")]
    public void LeaveFleet() => view.Leave(Context.ConnectionId);

    /// <summary>What belongs to the keys in frames, at most 1,000 at once; unknown ones are left out.</summary>
    [HubMethodName("fleet:describe")]
    public IEnumerable<VehicleInfo> DescribeVehicles(IReadOnlyList<int> keys) => keys.Count <= MaxKeys
        ? view.Describe(ScopeOfReader(), keys)
        : throw HubErrors.Create(ErrorCodes.InvalidRequest, $"At most {MaxKeys} keys at once.");

    private TenantScope ScopeOfReader() => Context.User!.MayReadAll()
        ? Context.User!.Scope()
        : throw HubErrors.Create(ErrorCodes.DispatcherOnly, "The fleet is for dispatchers, analysts and admins.");

    private async Task<int> PublishAsync(string requestId, PositionRole role, JsonElement position)
    {
        var door = doors.FirstOrDefault() ?? throw HubErrors.Create(
            ErrorCodes.PositionsNotTaken, "This node takes no positions; publish to one with the role broker.");
        var id = ParseRequest(requestId);
        var caller = Context.User!.MaySendAsCustomer(id, fleet)
            ? new PositionCaller(null, id)
            : Context.User!.ToPositionCaller();
        var result = await door.PublishAsync(caller, id, role, JsonSerializer.SerializeToUtf8Bytes(position));
        return result.ErrorCode is { } code ? throw HubErrors.Create(code, result.Detail ?? "") : result.Accepted;
    }

    private static Guid ParseRequest(string requestId) => Guid.TryParse(requestId, out var id)
        ? id
        : throw HubErrors.Create(ErrorCodes.InvalidRequest, "'requestId' must be a uuid.");
}
