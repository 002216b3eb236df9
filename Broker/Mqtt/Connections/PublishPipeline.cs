using ArtMqtt.Broker.Intake;
using ArtMqtt.Broker.Mqtt.Sessions;
using ArtMqtt.Broker.Mqtt.Wire;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>
/// The publishes of one client between its packets and our intake. Several may wait for the spool at a time, so that
/// they share one group commit; they are acknowledged in the order they came (MQTT 5, section 4.6), each after its append.
/// </summary>
/// <param name="parts">What all connections share.</param>
/// <param name="session">Whose publishes.</param>
/// <param name="link">The client's connection.</param>
/// <param name="longestAnswer">Largest acknowledgement with a reason string it takes, in bytes; 0 for none.</param>
internal sealed partial class PublishPipeline(BrokerParts parts, Session session, IClientLink link, uint longestAnswer)
{
    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _window = new();
    private readonly ILogger _logger = parts.Logger;
    private TaskCompletionSource? _room;
    private Task _answering = Task.CompletedTask;
    private bool _isAnswering;
    private bool _isBroken;
    private int _unanswered;

    /// <summary>Publishes with quality 1 and 2 whose exchange is not complete; the client may have so many open.</summary>
    public int Open => Volatile.Read(ref _unanswered) + session.ReceivedCount;

    /// <summary>Takes a publish; returns when there is room for the next one.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="packet">What; used, or copied, before the first wait.</param>
    public ValueTask TakeAsync(string topic, in PublishPacket packet)
    {
#pragma warning disable CA2012 // The result is taken once: at once, or when it is this publish's turn.
        var result = packet.Quality == 2 ? TakeOnce(topic, packet) : parts.Publishes.TakeAsync(session, topic, packet);
#pragma warning restore CA2012
        var waiting = new Waiting(packet.PacketId, packet.Quality, result);
        lock (_gate)
        {
            if (_isAnswering || !result.IsCompletedSuccessfully)
            {
                _window.Enqueue(waiting);
                _unanswered += packet.Quality == 1 ? 1 : 0;
                return Wait();
            }
        }

        Answer(waiting, result.Result);
        return ValueTask.CompletedTask;
    }

    /// <summary>Completes when all that was taken is answered.</summary>
    public Task WhenAnsweredAsync()
    {
        lock (_gate)
        {
            return _isAnswering ? _answering : Task.CompletedTask;
        }
    }

    // A publish that is sent again before its PUBREL is the same publish (MQTT 5, section 4.3.3).
    private ValueTask<IntakeResult> TakeOnce(string topic, in PublishPacket packet)
    {
        if (session.FindReceived(packet.PacketId) is { } before)
        {
            return new ValueTask<IntakeResult>(before);
        }

        var taken = parts.Publishes.TakeAsync(session, topic, packet).AsTask();
        session.AddReceived(packet.PacketId, taken);
        return new ValueTask<IntakeResult>(taken);
    }

    // Called under the lock.
    private ValueTask Wait()
    {
        if (!_isAnswering)
        {
            _isAnswering = true;
            _answering = AnswerAsync();
        }

        if (_window.Count < parts.Options.MaxInFlight)
        {
            return ValueTask.CompletedTask;
        }

        _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new ValueTask(_room.Task);
    }

    private async Task AnswerAsync()
    {
        while (TryPeek(out var waiting))
        {
            var result = await ResultOf(waiting);
            TaskCompletionSource? room;
            lock (_gate)
            {
                _window.Dequeue();
                _unanswered -= waiting.Quality == 1 ? 1 : 0;
                (room, _room) = (_room, null);
            }

            Answer(waiting, result);
            room?.TrySetResult();
        }
    }

    private bool TryPeek(out Waiting waiting)
    {
        lock (_gate)
        {
            return _isAnswering = _window.TryPeek(out waiting);
        }
    }

#pragma warning disable CA1031 // A fault of ours ends this connection without PUBACK, so the device keeps its copy.
    private async ValueTask<IntakeResult?> ResultOf(Waiting waiting)
    {
        try
        {
            return await waiting.Result;
        }
        catch (Exception e)
        {
            LogFailed(e, session.Identity.Scope);
            return null;
        }
    }
#pragma warning restore CA1031

    private void Answer(in Waiting waiting, IntakeResult? result)
    {
        if (result is { Live: { } location } shown)
        {
            parts.Live.Offer(shown.RequestId, location);
        }

        var reply = result is { } known
            ? PublishReply.To(known.Code, link.IsVersion5, waiting.Quality, parts.Options.CloseOnDeniedPublish)
            : new PublishReply(null, ReasonCode.ImplementationSpecificError);
        if (waiting.Quality == 2)
        {
            Settle(waiting.PacketId, isReceived: reply.Acknowledge is < ReasonCode.UnspecifiedError);
        }

        if (reply.Close is { } reason)
        {
            _isBroken = true;
            link.Close(reason);
        }

        // After one publish was left unanswered, no later one may be acknowledged before it is sent again.
        if (reply.Acknowledge is { } code && !_isBroken)
        {
            Send(waiting, code, result?.Detail);
        }
    }

    private void Settle(ushort packetId, bool isReceived)
    {
        if (isReceived)
        {
            session.KeepReceived();
        }
        else
        {
            session.RemoveReceived(packetId);
        }
    }

    private void Send(in Waiting waiting, ReasonCode code, string? text)
    {
        var type = waiting.Quality == 2 ? PacketType.PubRec : PacketType.PubAck;
        if (code == ReasonCode.Success)
        {
            link.TrySend(Outgoing.Acknowledge(type, waiting.PacketId));
            return;
        }

        // Without the text when the client takes none, or no packet that large (MQTT 5, section 3.4.2.2.2).
        var answer = ServerPackets.Acknowledge(type, waiting.PacketId, code, text);
        link.TrySend(Outgoing.Ready(answer.Length <= longestAnswer
            ? answer
            : ServerPackets.Acknowledge(type, waiting.PacketId, code, text: null)));
    }

    [LoggerMessage(LogLevel.Error, "A publish of {Client} failed; the connection is closed without acknowledgement")]
    private partial void LogFailed(Exception exception, string client);

    private readonly record struct Waiting(ushort PacketId, byte Quality, ValueTask<IntakeResult> Result);
}
