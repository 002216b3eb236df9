using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ArtMqtt.Live;
using ArtMqtt.WebGateway.Live.Journal;
using ArtMqtt.WebGateway.Live.Wire;

namespace ArtMqtt.WebGateway.Live;

/// <summary>
/// The events of one request as server-sent events: a <c>snapshot</c> when the caller's cursor does not close the gap,
/// then each event under its own name. The id of each is the cursor behind it. A caller who reads slowly gets the
/// newest places only; one who does not read status events loses the connection and resyncs.
/// </summary>
internal sealed class EventStream : IDisposable
{
    public const string SnapshotName = "snapshot";
    private const string KeepAliveName = "keepalive";

    private static readonly byte[] _nothing = [.. "{}"u8];

    // Shorter than proxies wait for a sign of life.
    private static readonly TimeSpan _keepAlive = TimeSpan.FromSeconds(15);

    private readonly Cursor? _since;
    private readonly EncodedEvents _encoded;
    private readonly LiveFeedOptions _options;
    private readonly GatewayMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _overflow = new();
    private readonly Outbox _outbox;
    private readonly Watch _watch;
    private ILiveSubscription? _subscription;

    private EventStream(
        EncodedEvents encoded, Guid requestId, Cursor? since, LiveFeedOptions options, GatewayMetrics metrics, TimeProvider time)
    {
        (_since, _encoded, _options, _metrics, _time) = (since, encoded, options, metrics, time);
        _outbox = new Outbox(options.MaxPendingStatus, metrics, _overflow.Cancel, _overflow.Cancel);
        _watch = new Watch(requestId, _outbox);
    }

    /// <summary>Starts watching; null when the stream has to be seeded (again) before.</summary>
    public static async Task<EventStream?> TryOpenAsync(
        ILiveStreams streams, EncodedEvents encoded, Guid requestId, Cursor? since, LiveFeedOptions options,
        GatewayMetrics metrics, TimeProvider time, CancellationToken cancellationToken)
    {
        var stream = new EventStream(encoded, requestId, since, options, metrics, time);
        var isOpen = false;
        try
        {
            var subscription = await streams.SubscribeAsync(requestId, since, stream._watch, cancellationToken);
            stream._subscription = subscription;
            stream._watch.Status = subscription.Snapshot.Status?.Status;
            if (isOpen = stream._watch.Status is not null)
            {
                metrics.WatchesChanged(+1);
            }

            return isOpen ? stream : null;
        }
        finally
        {
            if (!isOpen)
            {
                stream.Stop();
            }
        }
    }

    /// <summary>All events until the caller leaves, or cannot be helped but by coming again.</summary>
    public async IAsyncEnumerable<SseItem<byte[]>> ReadAsync(
        CatchUp catchUp, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var caughtUp = await catchUp.FindAsync(_watch.RequestId, _since, _subscription!, cancellationToken);
        var reply = JoinReply.Of(_subscription!, caughtUp);
        if (!reply.Recovered)
        {
            yield return new SseItem<byte[]>(_encoded.AsJson(reply), SnapshotName) { EventId = reply.Cursor };
        }

        foreach (var missed in (caughtUp ?? []).Where(m => LiveVisibility.Shows(_watch.Status, m.Event)))
        {
            yield return Item(missed);
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _overflow.Token);
        _outbox.Open(_watch);
        var pending = new List<NumberedEvent>();
        var waiting = _outbox.WaitAsync(ended.Token).AsTask();
        while (await HappensAsync(waiting, ended.Token) is { } happened)
        {
            if (!happened)
            {
                yield return new SseItem<byte[]>(_nothing, KeepAliveName);
                continue;
            }

            pending.Clear();
            while (_outbox.TakeNext(pending) is not null)
            {
            }

            foreach (var numbered in pending)
            {
                yield return Item(numbered);
            }

            await Task.Delay(_options.FlushInterval, _time, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            waiting = _outbox.WaitAsync(ended.Token).AsTask();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics.WatchesChanged(-1);
        Stop();
    }

    // Null: the caller left, the token ended, or status events piled up.
    private async Task<bool?> HappensAsync(Task waiting, CancellationToken cancellationToken)
    {
        try
        {
            await waiting.WaitAsync(_keepAlive, _time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private SseItem<byte[]> Item(NumberedEvent numbered) =>
        new(_encoded.AsJson(_watch.RequestId, numbered), numbered.Event.Name) { EventId = numbered.Cursor.ToString() };

    private void Stop()
    {
        _subscription?.Dispose();
        _outbox.End(_watch);
        _overflow.Dispose();
    }
}
