using System.Data.Common;
using System.Text.Json;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Live;
using ArtMqtt.WebGateway.Errors;
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
/// <param name="doors">Where positions go in: one on a node with the role broker, else none.</param>
[Authorize]
internal sealed class TrackingHub(
    WatchingConnections connections, TenantGate gate, StreamSeeder seeder, IFleetDirectory fleet,
    IEnumerable<IPositionDoor> doors) : Hub
{
    private const int MaxSeedAttempts = 3;

    /// <inheritdoc/>
    public override Task OnConnectedAsync()
    {
        connections.Open(Context);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception) => connections.EndAsync(Context);

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
