using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Live;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Live.Journal;
using ArtMqtt.WebGateway.Live.Wire;
using ArtMqtt.WebGateway.Operations;
using ArtMqtt.WebGateway.Sharing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ArtMqtt.WebGateway.Live;

/// <summary>
/// The events of a request without SignalR: asked for again and again, or as server-sent events. One cursor for all of
/// them: who changes from one to the other misses nothing and gets nothing twice.
/// </summary>
internal static class EventEndpoints
{
    private const int MaxWaitSeconds = 30;
    private const int MaxSeedAttempts = 3;
    private const string LastEventId = "Last-Event-ID";

    public static void MapEvents(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/requests/{requestId:guid}").WithTags("Live").RequireAuthorization();
        group.MapGet("/events", Poll)
            .WithSummary("What happened since a cursor")
            .WithDescription(
                "Answers as the hub's join:request: where the stream stands, the newest of everything, and the events behind "
                + "'since' ('recovered': none is missing). 'wait' seconds, up to 30, for something to happen. The ETag is the cursor: with "
                + "If-None-Match the answer is 304 while nothing is new.")
            .Produces<JoinReply>().Produces(StatusCodes.Status304NotModified).ProducesErrors(400, 401, 404, 410);
        group.MapGet(EventStreamPath, Stream)
            .WithSummary("The events as they happen, as server-sent events")
            .WithDescription(
                "A 'snapshot' first, unless Last-Event-ID (or 'since') closes the gap; then each event under its name, its id the "
                + "cursor. EventSource cannot set headers: give the token as 'access_token'.")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream").ProducesErrors(400, 401, 404, 410);
    }

    /// <summary>Last part of the address of a stream of server-sent events.</summary>
    public const string EventStreamPath = "/stream";

    private static async Task<Results<Ok<JoinReply>, StatusCodeHttpResult, ProblemHttpResult>> Poll(
        Guid requestId, HttpContext http, ClaimsPrincipal user, ILiveStreams streams, EventPoll poll, OpenShares shares,
        IFleetDirectory fleet, CancellationToken cancellationToken, string? since = null, int wait = 0)
    {
        if (Refuse(user, requestId, fleet) is { } refusal)
        {
            return refusal;
        }

        Cursor cursor = default;
        var errors = new FieldErrors()
            .Require(since is null || Cursor.TryParse(since, out cursor), "since", "'since' must be a cursor.")
            .Require(wait is >= 0 and <= MaxWaitSeconds, "wait", $"'wait' must be 0 to {MaxWaitSeconds}.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        using var share = shares.Enter(user, http, "poll");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ClosingOf(share));
        JoinReply? reply;
        try
        {
            reply = await poll.ReadAsync(
                streams.As(share), requestId, since is null ? null : cursor, TimeSpan.FromSeconds(wait), ended.Token);
        }
        catch (OperationCanceledException) when (share?.Ended is { } end && !cancellationToken.IsCancellationRequested)
        {
            return end.Problem();
        }

        if (reply is null)
        {
            return Problems.RequestNotFound();
        }

        var tag = new EntityTagHeaderValue($"\"{reply.Cursor}\"");
        http.Response.GetTypedHeaders().ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        return http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(reply);
    }

    private static async Task<Results<ServerSentEventsResult<byte[]>, ProblemHttpResult>> Stream(
        Guid requestId, HttpContext http, ClaimsPrincipal user, ILiveStreams streams, EncodedEvents encoded, StreamSeeder seeder,
        CatchUp catchUp, WatchingConnections connections, OpenShares shares, IFleetDirectory fleet, Departures departures,
        IOptions<LiveFeedOptions> options, GatewayMetrics metrics, TimeProvider time, CancellationToken cancellationToken,
        string? since = null)
    {
        if (Refuse(user, requestId, fleet) is { } refusal)
        {
            return refusal;
        }

        var text = http.Request.Headers[LastEventId].FirstOrDefault() ?? since;
        Cursor cursor = default;
        if (new FieldErrors().Require(
            text is null || Cursor.TryParse(text, out cursor), "since", "'since' or Last-Event-ID must be a cursor.")
            is { Any: true } errors)
        {
            return Problems.Invalid(errors.ByField);
        }

        if (!connections.TryEnter())
        {
            return Problems.Create(
                StatusCodes.Status503ServiceUnavailable, ErrorCodes.TooManyConnections,
                "This server has no place left; try again later.");
        }

        EventStream? stream = null;
        var share = shares.Enter(user, http, "stream");
        if (share is not null)
        {
            http.Response.RegisterForDispose(share);
        }

        try
        {
            for (var attempt = 0; stream is null && attempt < MaxSeedAttempts; attempt++)
            {
                if (!await seeder.EnsureAsync(requestId, cancellationToken))
                {
                    return Problems.RequestNotFound();
                }

                stream = await EventStream.TryOpenAsync(
                    streams.As(share), encoded, requestId, text is null ? null : cursor, options.Value, metrics, time,
                    cancellationToken);
            }

            return stream is null
                ? throw new InvalidOperationException("The stream was evicted as often as it was seeded.")
                : TypedResults.ServerSentEvents(ReadAsync(
                    stream, catchUp, connections, departures, share, UntilExpiry(http, time), cancellationToken));
        }
        finally
        {
            if (stream is null)
            {
                connections.Leave();
            }
        }
    }

    private static async IAsyncEnumerable<SseItem<byte[]>> ReadAsync(
        EventStream stream, CatchUp catchUp, WatchingConnections connections, Departures departures, OpenShare? share, TimeSpan validFor,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using (stream)
        {
            using var departure = departures.Enter();
            using var expiry = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ClosingOf(share), departure.Asked);
            expiry.CancelAfter(validFor);
            try
            {
                await foreach (var item in stream.ReadAsync(catchUp, expiry.Token).ConfigureAwait(false))
                {
                    yield return item;
                }
            }
            finally
            {
                connections.Leave();
            }
        }
    }

    private static ProblemHttpResult? Refuse(ClaimsPrincipal user, Guid requestId, IFleetDirectory fleet) =>
        user.MayWatch(requestId) ? user.WhyOver(fleet)?.Problem() : Problems.RequestNotFound();

    private static CancellationToken ClosingOf(OpenShare? share) => share?.Closing ?? CancellationToken.None;

    // A stream lasts as long as the token it came with; access tokens have no end.
    private static TimeSpan UntilExpiry(HttpContext http, TimeProvider time) =>
        http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc is { } end
            && end - time.GetUtcNow() is var left && left < TimeSpan.FromDays(20)
                ? left > TimeSpan.Zero ? left : TimeSpan.Zero
                : Timeout.InfiniteTimeSpan;
}
