using System.Threading.Channels;
using ArtMqtt.Spool;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>
/// Moves the spool over one connection: sends in order with a window of publishes in flight, and acknowledges the
/// spool in the same order. Whatever ends it, the next delivery starts behind the last acknowledged record, so a
/// position may be sent twice, but none is left out.
/// </summary>
/// <remarks>
/// While a backlog is sent, the newest record may go ahead of it (<see cref="PublisherOptions.NewestFirst"/>), for those
/// who watch; it is acknowledged when the backlog has reached it.
/// </remarks>
internal sealed class Delivery(
    ISpool spool, IServerConnection connection, PublisherOptions options, SentAhead ahead, PublisherCounts counts,
    TimeProvider time, Preparation preparation, SendPace pace, DataBudget? budget, DeliveryEvents events) : IDisposable
{
    // Two full parcels keep a slow network busy; more would only stand in the way of the newest position.
    private const int ParcelsInFlight = 2;

    private static readonly TimeSpan _longestLook = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _slots = new(
        options.BatchSize == 1 ? connection.Window : Math.Min(connection.Window, ParcelsInFlight));

    // Bounded by the slots; a sender that holds a slot never waits here.
    private readonly Channel<Sent> _sent = Channel.CreateUnbounded<Sent>(new() { SingleReader = true });

    private Task _newestSending = Task.CompletedTask;

    private readonly record struct Sent(long Number, Task<Outcome> Outcome);

    private readonly record struct Outcome(PublishVerdict Verdict, int Accepted, int Refused)
    {
        public Outcome(PublishVerdict verdict, int positions)
            : this(
                verdict, verdict == PublishVerdict.Accepted ? positions : 0,
                verdict == PublishVerdict.Refused ? positions : 0)
        {
        }

        public static Outcome operator +(in Outcome one, in Outcome other) => new(
            one.Verdict == PublishVerdict.Retry ? one.Verdict : other.Verdict,
            one.Accepted + other.Accepted, one.Refused + other.Refused);
    }

    /// <summary>Runs until the connection is lost, an answer says "not now", or it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, connection.Lost);
        var sending = SendAsync(end.Token);
        try
        {
            await AcknowledgeAsync();
        }
        finally
        {
            await end.CancelAsync();
            await sending;
            await _newestSending;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var after = spool.Acknowledged;
        ahead.Begin();
        try
        {
            await LookForNewestAsync(after, cancellationToken);
            while (true)
            {
                var batch = await ReadAsync(after, cancellationToken);
                if (batch.Records.Count < options.BatchSize && await pace.WaitAsync(cancellationToken))
                {
                    batch = await ReadAsync(after, cancellationToken);
                }

                var pending = new List<Task<PublishVerdict>>();
                foreach (var parcel in Parcel.Pack(
                    batch, options.BatchSize, number => ahead.Covers(number, pending), preparation, OnGivenUp))
                {
                    await SendNewestAsync(batch.Last, cancellationToken);
                    await SpendAsync(parcel.Publishes, cancellationToken);
                    await _slots.WaitAsync(cancellationToken);
                    pace.Sent();
                    _sent.Writer.TryWrite(new Sent(parcel.Last, PublishAsync(parcel, [.. pending], cancellationToken)));
                    pending.Clear();
                    after = parcel.Last;
                }

                if (after < batch.First)
                {
                    // All of it was taken before the clock was set.
                    await SendNewestAsync(batch.Last, cancellationToken);
                    await preparation.WaitAsync(cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What was sent keeps its answers: the reader takes them until one says that the connection is gone.
        }
        finally
        {
            _sent.Writer.Complete();
        }
    }

    private ValueTask<SpoolBatch> ReadAsync(long after, CancellationToken cancellationToken) =>
        spool.ReadAsync(after, Math.Max(connection.Window, options.BatchSize), cancellationToken);

    // After a restart nobody has offered the newest record: it is the last one of the spool.
    private async Task LookForNewestAsync(long after, CancellationToken cancellationToken)
    {
        var last = after + spool.Status.Records;
        if (!options.NewestFirst || last <= after + options.BatchSize)
        {
            return;
        }

        using var window = new CancellationTokenSource(_longestLook, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, window.Token);
        try
        {
            var newest = await spool.ReadAsync(last - 1, 1, either.Token);
            ahead.Offer(newest.First, newest.Records[0].ToArray());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It is damaged: then in order, without it.
        }
    }

    private async Task SendNewestAsync(long behind, CancellationToken cancellationToken)
    {
        if (!options.NewestFirst || !_newestSending.IsCompleted || !ahead.TryTake(behind, out var number, out var record)
            || !SpooledPublish.TryDecode(record, out var publish)
            || preparation.Prepare(ref publish) != PreparationVerdict.Send)
        {
            return;
        }

        await SpendAsync([publish], cancellationToken);
        await _slots.WaitAsync(cancellationToken);
        var verdict = PublishNewestAsync(publish, cancellationToken);
        ahead.Add(number, verdict);
        _newestSending = verdict;
    }

    private async Task<PublishVerdict> PublishNewestAsync(SpooledPublish publish, CancellationToken cancellationToken)
    {
        var verdict = await AnswerAsync(publish, cancellationToken);
        _slots.Release();
        return verdict;
    }

    private async ValueTask SpendAsync(IReadOnlyList<SpooledPublish> publishes, CancellationToken cancellationToken)
    {
        if (budget is not null && publishes.Count > 0)
        {
            await budget.SpendAsync(
                DataBudget.PublishBytes(connection.Endpoint, publishes[0])
                    + publishes.Skip(1).Sum(publish => publish.Payload.Length),
                cancellationToken);
        }
    }

    private async Task<Outcome> PublishAsync(
        Parcel parcel, Task<PublishVerdict>[] sentAhead, CancellationToken cancellationToken)
    {
        var outcome = new Outcome(PublishVerdict.Accepted, 0);
        if (parcel.Publishes.Count > 0)
        {
            var verdict = await AnswerAsync(parcel.Join(), cancellationToken);
            // One of several was bad, perhaps: the others are not to go with it.
            outcome = verdict == PublishVerdict.Refused && parcel.Publishes.Count > 1
                ? await PublishEachAsync(parcel, cancellationToken)
                : new Outcome(verdict, parcel.Publishes.Count);
        }

        foreach (var verdict in sentAhead)
        {
            outcome += new Outcome(await verdict, 1);
        }

        return outcome;
    }

    private async Task<Outcome> PublishEachAsync(Parcel parcel, CancellationToken cancellationToken)
    {
        var outcome = new Outcome(PublishVerdict.Accepted, 0);
        foreach (var publish in parcel.Publishes)
        {
            outcome += new Outcome(await AnswerAsync(publish, cancellationToken), 1);
            if (outcome.Verdict == PublishVerdict.Retry)
            {
                break;
            }
        }

        return outcome;
    }

    private async Task<PublishVerdict> AnswerAsync(SpooledPublish publish, CancellationToken cancellationToken)
    {
        counts.AddSent();
        try
        {
            var answer = await connection.PublishAsync(publish, cancellationToken);
            if (answer.Verdict != PublishVerdict.Accepted)
            {
                events.Answered(answer);
            }

            return answer.Verdict;
        }
        catch (Exception e) when (IServerConnection.IsFailure(e))
        {
            return PublishVerdict.Retry;
        }
    }

    private async Task AcknowledgeAsync()
    {
        var done = spool.Acknowledged;
        try
        {
            await foreach (var sent in _sent.Reader.ReadAllAsync(CancellationToken.None))
            {
                if (!sent.Outcome.IsCompleted)
                {
                    // There is time until the next answer: a good moment to tell the spool.
                    await AcknowledgeAsync(done);
                }

                var outcome = await sent.Outcome;
                if (outcome.Verdict == PublishVerdict.Retry)
                {
                    return;
                }

                counts.AddAcknowledged(outcome.Accepted);
                counts.AddRefused(outcome.Refused);
                done = sent.Number;
                _slots.Release();
                if (!_sent.Reader.TryPeek(out _))
                {
                    await AcknowledgeAsync(done);
                }
            }
        }
        finally
        {
            await AcknowledgeAsync(done);
        }
    }

    private void OnGivenUp(PreparationVerdict? why)
    {
        events.GivenUp(why);
        counts.AddGivenUp(why);
    }

    // A crash may lose this; the positions are then sent once more.
    private async ValueTask AcknowledgeAsync(long number)
    {
        if (number > spool.Acknowledged)
        {
            await spool.AcknowledgeAsync(number, CancellationToken.None);
            events.Progressed();
        }
    }
}
