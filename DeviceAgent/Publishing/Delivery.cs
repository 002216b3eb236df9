using System.Threading.Channels;
using ArtMqtt.Spool;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>
/// Moves the spool over one connection: sends in order with a window of publishes in flight, and acknowledges the
/// spool in the same order. Whatever ends it, the next delivery starts behind the last acknowledged record, so a
/// position may be sent twice, but none is left out.
/// </summary>
internal sealed class Delivery(
    ISpool spool, ServerConnection connection, PublisherCounts counts, TimeProvider time, DeliveryEvents events)
    : IDisposable
{
    private readonly SemaphoreSlim _slots = new(connection.Window);

    // Bounded by the slots; a sender that holds a slot never waits here.
    private readonly Channel<Sent> _sent = Channel.CreateUnbounded<Sent>(new() { SingleReader = true });

    private readonly record struct Sent(long Number, Task<PublishVerdict> Verdict);

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
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var after = spool.Acknowledged;
        try
        {
            while (true)
            {
                var batch = await spool.ReadAsync(after, connection.Window, cancellationToken);
                for (var i = 0; i < batch.Records.Count; i++)
                {
                    await _slots.WaitAsync(cancellationToken);
                    _sent.Writer.TryWrite(
                        new Sent(batch.First + i, PublishAsync(batch.Records[i], cancellationToken)));
                }

                after = batch.Last;
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

    private Task<PublishVerdict> PublishAsync(ReadOnlyMemory<byte> record, CancellationToken cancellationToken)
    {
        if (!SpooledPublish.TryDecode(record.Span, out var publish))
        {
            events.Unreadable();
            return Task.FromResult(PublishVerdict.Refused);
        }

        counts.AddSent();
        return AnswerAsync(publish, cancellationToken);
    }

    private async Task<PublishVerdict> AnswerAsync(SpooledPublish publish, CancellationToken cancellationToken)
    {
        try
        {
            var code = await connection.PublishAsync(publish, time, cancellationToken);
            var verdict = PublishVerdicts.Of(code);
            if (verdict != PublishVerdict.Accepted)
            {
                events.Answered(code, verdict);
            }

            return verdict;
        }
        catch (Exception e) when (ServerConnection.IsFailure(e))
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
                if (!sent.Verdict.IsCompleted)
                {
                    // There is time until the next answer: a good moment to tell the spool.
                    await AcknowledgeAsync(done);
                }

                if (!Count(await sent.Verdict))
                {
                    return;
                }

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

    private bool Count(PublishVerdict verdict)
    {
        switch (verdict)
        {
            case PublishVerdict.Accepted:
                counts.AddAcknowledged();
                return true;
            case PublishVerdict.Refused:
                counts.AddRefused();
                return true;
            default:
                return false;
        }
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
