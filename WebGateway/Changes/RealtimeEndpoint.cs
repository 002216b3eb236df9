using ArtMqtt.Store;
using ArtMqtt.WebGateway.Changes.Wire;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Operations;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>
/// <c>/realtime/v1/websocket</c>, in the protocol of Supabase Realtime. The parameter <c>apikey</c> signs in when it is one
/// of our tokens; any other text is ignored, for channels bring tokens of their own.
/// </summary>
internal sealed partial class RealtimeEndpoint(
    ChannelDoor door, ChangeHub hub, Rooms rooms, TokenSignIn signIn, ChangeMetrics metrics,
    IOptions<ChangeOptions> options, Departures departures, TimeProvider time,
    ILogger<RealtimeEndpoint> logger)
{
    public const string Path = "/realtime/v1/websocket";
    private int _connections;

    public async Task ServeAsync(HttpContext context)
    {
        ProtocolVersion? version = context.Request.Query["vsn"].ToString() switch
        {
            "" or "1.0.0" => ProtocolVersion.Objects,
            "2.0.0" => ProtocolVersion.Arrays,
            _ => null,
        };
        if (!context.WebSockets.IsWebSocketRequest || version is null)
        {
            await Problems.Create(
                StatusCodes.Status400BadRequest, ErrorCodes.InvalidRequest,
                "This is a WebSocket; 'vsn' is 1.0.0 or 2.0.0.").ExecuteAsync(context);
            return;
        }

        if (Interlocked.Increment(ref _connections) > options.Value.MaxConnections)
        {
            Interlocked.Decrement(ref _connections);
            await Problems.Create(
                StatusCodes.Status503ServiceUnavailable, ErrorCodes.TooManyConnections,
                "The node has as many connections as it takes.").ExecuteAsync(context);
            return;
        }

        metrics.ConnectionsChanged(+1);
        try
        {
            var ticket = await SignInAsync(context);
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            using var outbox = new RealtimeOutbox(socket, options.Value.MaxPendingBytes, time, Overflowed);
            var connection = new RealtimeConnection(
                socket, outbox, version.Value, context, ticket, door, hub, rooms, options.Value, time);
            using var departure = departures.Enter();
            await using var asked = departure.Asked.Register(connection.GoAway);
            await connection.RunAsync();
        }
        finally
        {
            metrics.ConnectionsChanged(-1);
            Interlocked.Decrement(ref _connections);
        }
    }

    // A wrong or old token is no reason to refuse: clients keep the first one in the address for ever.
    private async Task<AuthenticationTicket?> SignInAsync(HttpContext context)
    {
        var key = context.Request.Query["apikey"].ToString();
        try
        {
            return signIn.Takes(key) ? (await signIn.SignInAsync(key, context)).Ticket : null;
        }
        catch (Exception e) when (StoreErrors.IsOutage(e))
        {
            return null;
        }
    }

    private void Overflowed()
    {
        metrics.Overflowed();
        LogOverflow(options.Value.MaxPendingBytes);
    }

    [LoggerMessage(LogLevel.Warning, "A connection for row changes had more than {Bytes} bytes waiting and did not read; it is closed")]
    private partial void LogOverflow(int bytes);
}
