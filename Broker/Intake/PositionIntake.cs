using ArtMqtt.Broker.Auth;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live.Fleet;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Intake;

/// <summary>
/// Takes a publish in: may the client, is it a position, into the spool. When it returns
/// <see cref="IntakeCode.Accepted"/> the positions are as durable as the spool promises.
/// </summary>
/// <remarks>
/// Everything up to the append happens before the first await, so publishes of one client that are taken one after
/// another are in the spool in that order, without waiting for each other.
/// </remarks>
internal sealed class PositionIntake(
    TopicPolicy policy, Denials denials, SpoolGate gate, DeadLetterBudget letters, FleetPlaces fleet, BrokerMetrics metrics,
    IOptions<BrokerOptions> options, TimeProvider time)
{
    [ThreadStatic]
    private static List<Position>? _decoded;

    private readonly BrokerOptions _options = options.Value;

    /// <summary>Takes one publish.</summary>
    public ValueTask<IntakeResult> TakeAsync(PositionPublish publish, CancellationToken cancellationToken)
    {
        var decision = policy.DecidePublish(publish.Client, publish.Topic);
        if (!decision.IsAllowed)
        {
            denials.Publish(publish.Client, publish.Topic);
            return ValueTask.FromResult(
                IntakeResult.Refuse(IntakeCode.NotAuthorized, "You may not publish to this topic (now)."));
        }

        if (ForeignPayloads.DialectOf(publish) is not PayloadDialect.Own and var dialect)
        {
            return TakeForeignAsync(publish, dialect, decision, cancellationToken);
        }

        var positions = _decoded ??= [];
        return PositionCodec.TryDecode(
            publish.Payload.Span, publish.ContentType, _options.MaxPositionsPerPayload, positions, out var error)
            ? AppendAsync(decision, positions, publish.ReceivedAt, cancellationToken)
            : RejectAsync(publish, decision.Name, error, cancellationToken);
    }

    /// <summary>Keeps a publish as a dead letter, if its client has not had too many of them.</summary>
    /// <param name="publish">What came.</param>
    /// <param name="name">The device's id, or <c>customer</c>; empty when nobody knows.</param>
    /// <param name="error">Why it can be no position.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see cref="IntakeCode.PayloadInvalid"/>, or <see cref="IntakeCode.Unavailable"/>.</returns>
    public async ValueTask<IntakeResult> RejectAsync(
        PositionPublish publish, string name, PositionError error, CancellationToken cancellationToken)
    {
        var refused = IntakeResult.Refuse(IntakeCode.PayloadInvalid, error.Detail) with { ErrorCode = error.Code };
        if (publish.ReceivedAt is not null)
        {
            return refused;
        }

        metrics.PayloadRejected(error.Code);
        if (letters.TryTake(publish.Client.Scope))
        {
            var payload = publish.Payload[..Math.Min(publish.Payload.Length, RejectedPayload.MaxPayload)];
            var letter = new RejectedPayload(
                name, publish.Topic, time.GetUtcNow(), error.Code, error.Detail, payload)
            {
                ContentType = publish.ContentType,
                Dialect = ForeignPayloads.WordOf(ForeignPayloads.DialectOf(publish)),
                Size = publish.Payload.Length,
            };
            if (!await gate.TryAppendAsync(SpoolRecord.Encode(letter), cancellationToken))
            {
                // An MQTT 3.1.1 client is about to be told that all is well: then at least the letter must be safe.
                return Unavailable;
            }
        }
        else
        {
            metrics.DeadLetterDropped();
        }

        return refused;
    }

    private async ValueTask<IntakeResult> TakeForeignAsync(
        PositionPublish publish, PayloadDialect dialect, PublishDecision decision, CancellationToken cancellationToken)
    {
        var decoded = ForeignPayloads.Read(
            publish, dialect, publish.ReceivedAt ?? time.GetUtcNow(), _options.MaxPositionsPerPayload);
        foreach (var kind in decoded.Others)
        {
            metrics.MessagePassed(kind);
        }

        var accepted = decoded.Positions.Count == 0
            ? ValueTask.FromResult(IntakeResult.Taken)
            : AppendAsync(decision, decoded.Positions, publish.ReceivedAt, cancellationToken);
        if (decoded.Error is not { } error)
        {
            return await accepted;
        }

        var rejected = RejectAsync(publish, decision.Name, error, cancellationToken);
        var (kept, refused) = (await accepted, await rejected);
        if (kept.Code != IntakeCode.Accepted || refused.Code == IntakeCode.Unavailable)
        {
            return Unavailable;
        }

        return kept.Count + decoded.Others.Count == 0 ? refused : kept with { ErrorCode = error.Code };
    }

    private async ValueTask<IntakeResult> AppendAsync(
        PublishDecision decision, IReadOnlyList<Position> positions, DateTimeOffset? receivedAt,
        CancellationToken cancellationToken)
    {
        var count = positions.Count;
        var received = Receive(decision, positions, receivedAt ?? time.GetUtcNow());
        if (!AssignmentCut.TryCut(decision, received, _options.AssignmentSlack, out var before, out var within))
        {
            return await AppendAsync(received, cancellationToken)
                ? Accept(decision, received) with { Count = count }
                : Unavailable;
        }

        // Both are begun before either is awaited: what the device publishes next comes behind them.
        var first = AppendAsync(before, cancellationToken);
        var second = within is null ? ValueTask.FromResult(true) : AppendAsync(within, cancellationToken);
        var (isFirstSafe, isSecondSafe) = (await first, await second);
        return !isFirstSafe || !isSecondSafe ? Unavailable
            : within is null ? IntakeResult.Taken with { Count = count }
            : Accept(decision, within) with { Count = count };
    }

    private async ValueTask<bool> AppendAsync(ReceivedPositions received, CancellationToken cancellationToken)
    {
        var isSafe = await gate.TryAppendAsync(SpoolRecord.Encode(received), cancellationToken);
        if (isSafe)
        {
            metrics.PositionsReceived(received.Positions.Count, received.Role);
            if (received.Role != PositionRole.Customer && Newest(received) is { } place)
            {
                fleet.Offer(received.DeviceKey, place);
            }
        }

        return isSafe;
    }

    private static IntakeResult Unavailable =>
        IntakeResult.Refuse(IntakeCode.Unavailable, "Positions cannot be stored at the moment; keep them, try again.");

    private ReceivedPositions Receive(PublishDecision decision, IReadOnlyList<Position> positions, DateTimeOffset now)
    {
        var items = new ReceivedPosition[positions.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var isPlausible = PositionRules.IsClockPlausible(
                positions[i].FixTime, now, _options.MaxClockAhead, _options.MaxClockBehind);
            items[i] = new ReceivedPosition(positions[i], !isPlausible);
        }

        return new ReceivedPositions(
            decision.Key, decision.Name, decision.Role, decision.Request?.RequestId, now, items);
    }

    private static IntakeResult Accept(PublishDecision decision, ReceivedPositions received)
    {
        if (decision.Request is not { } request
            || (decision.Role == PositionRole.Operator && !request.Status.ShowsOperator()))
        {
            return new IntakeResult(IntakeCode.Accepted, null, default, null);
        }

        var live = Newest(received) is { } shown ? LocationEvent.Of(decision.Role, shown) : null;
        return new IntakeResult(IntakeCode.Accepted, null, request.RequestId, live);
    }

    private static Position? Newest(ReceivedPositions received)
    {
        Position? newest = null;
        foreach (var (position, isClockSuspect) in received.Positions)
        {
            if (!isClockSuspect && (newest is null || position.FixTime > newest.Value.FixTime))
            {
                newest = position;
            }
        }

        return newest;
    }
}
