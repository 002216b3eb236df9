using System.Threading.Channels;
using ArtMqtt.Contracts.Live;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Live.Redis;

/// <summary>
/// Lets Redis number what happens on this node, in envelopes: what comes while one is on its way goes together in the next. When
/// Redis is not there, the node numbers it alone.
/// </summary>
internal sealed class EventPublisher : IAsyncDisposable
{
    // Enough for two envelopes of the largest size; who publishes more waits.
    private const int MaxWaiting = 2_048;

    private readonly RedisLink _link;
    private readonly LiveCommands _commands;
    private readonly FollowedStreams _streams;
    private readonly LiveDelivery _delivery;
    private readonly LiveMetrics _metrics;
    private readonly int _maxEnvelope;
    private readonly Channel<OutgoingEvent> _waiting = Channel.CreateBounded<OutgoingEvent>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly Task _sending;

    /// <summary>Begins to wait for events.</summary>
    public EventPublisher(
        RedisLink link, LiveCommands commands, FollowedStreams streams, LiveDelivery delivery, LiveMetrics metrics,
        IOptions<RedisOptions> options)
    {
        (_link, _commands, _streams, _delivery, _metrics) = (link, commands, streams, delivery, metrics);
        _maxEnvelope = options.Value.MaxEnvelope;
        _sending = Task.Run(SendAllAsync);
    }

    /// <summary>Numbers an event.</summary>
    /// <returns>The event, or null when it was refused.</returns>
    public async Task<NumberedEvent?> PublishAsync(Guid requestId, LiveEvent liveEvent, CancellationToken cancellationToken)
    {
        var outgoing = new OutgoingEvent(requestId, liveEvent);
        await _waiting.Writer.WriteAsync(outgoing, cancellationToken);
        return await outgoing.Settled;
    }

    /// <summary>Sends what is left, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _sending;
    }

    private async Task SendAllAsync()
    {
        var envelope = new List<OutgoingEvent>(_maxEnvelope);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (envelope.Count < _maxEnvelope && _waiting.Reader.TryRead(out var next))
            {
                envelope.Add(next);
            }

            await TrySendAsync(envelope);
            envelope.Clear();
        }
    }

#pragma warning disable CA1031 // Whoever waits for what is behind this envelope must not wait for ever.
    private async Task TrySendAsync(List<OutgoingEvent> envelope)
    {
        try
        {
            await SendAsync(envelope);
        }
        catch (Exception e)
        {
            envelope.ForEach(outgoing => outgoing.Fail(e));
        }
    }
#pragma warning restore CA1031

    private async Task SendAsync(List<OutgoingEvent> envelope)
    {
        if (_link.IsUsable)
        {
            // A cluster takes together only what is in one slot.
            await (_link.IsCluster
                ? Task.WhenAll(envelope.GroupBy(outgoing => _link.SlotOf(LiveCommands.TagOf(outgoing.RequestId))).Select(part => TryNumberAsync([.. part])))
                : TryNumberAsync(envelope));
        }

        foreach (var outgoing in envelope)
        {
            // In the order in which they came: who watches all is told here.
            try
            {
                outgoing.Settle(Settle(outgoing));
            }
            catch (Exception e)
            {
                outgoing.Fail(e);
            }
        }
    }

    private async Task TryNumberAsync(IReadOnlyList<OutgoingEvent> part)
    {
        try
        {
            await _commands.PublishAsync(part, isAgain: false);
            _metrics.EnvelopeSent();
        }
        catch (Exception e) when (RedisLink.IsOutage(e))
        {
            // They may be numbered all the same: who tells them again says so.
            _link.Failed(e);
        }
    }

    private NumberedEvent? Settle(OutgoingEvent outgoing)
    {
        var requestId = outgoing.RequestId;
        if (outgoing.Reply?.Refusal is { } refusal)
        {
            _delivery.Refuse(refusal);
            return null;
        }

        if (outgoing.Reply?.Numbered is { } numbered)
        {
            _streams.Take(requestId, numbered);
            _delivery.Published(requestId, numbered);
            return numbered;
        }

        NumberedEvent? alone;
        while (!_streams.TryPublishAlone(requestId, outgoing.Event, out alone))
        {
            _streams.GoAlone(requestId);
        }

        return alone;
    }
}
