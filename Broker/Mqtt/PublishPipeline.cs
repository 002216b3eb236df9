using System.Buffers;
using System.Threading.Channels;
using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Intake;
using Microsoft.Extensions.Logging;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>
/// The publishes of one client between its packets and our intake. Several may wait for the spool at a time, so that
/// they share one group commit; they are acknowledged in the order they came (MQTT 4.6), each after its append.
/// </summary>
internal sealed partial class PublishPipeline
{
    // A client that keeps to its window leaves room for all its answers; one that reads none would hold us for ever.
    private static readonly TimeSpan _longestUnread = TimeSpan.FromSeconds(30);

    private readonly PositionIntake _intake;
    private readonly LivePublisher _live;
    private readonly ClientIdentity _client;
    private readonly bool _isVersion5;
    private readonly bool _mayExplain;
    private readonly bool _closeOnDenied;
    private readonly Func<MqttPacket, Task> _send;
    private readonly Action<MqttDisconnectReasonCode> _close;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<Waiting> _window;
    private readonly Task _answering;
    private bool _isBroken;

    /// <summary>Starts answering.</summary>
    /// <param name="parts">What all connections share.</param>
    /// <param name="client">Who publishes.</param>
    /// <param name="isVersion5">Whether it speaks MQTT 5.</param>
    /// <param name="mayExplain">Whether it takes reason strings.</param>
    /// <param name="send">Sends a packet to the client.</param>
    /// <param name="close">Ends the connection; returns at once.</param>
    public PublishPipeline(
        MqttConnectionParts parts, ClientIdentity client, bool isVersion5, bool mayExplain,
        Func<MqttPacket, Task> send, Action<MqttDisconnectReasonCode> close)
    {
        (_intake, _live, _time, _logger, _client) = (parts.Intake, parts.Live, parts.Time, parts.Logger, client);
        _mayExplain = mayExplain;
        (_isVersion5, _closeOnDenied, _send, _close) = (isVersion5, parts.Options.CloseOnDeniedPublish, send, close);
        _window = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(parts.Options.MaxInFlight)
        {
            SingleReader = true,
            SingleWriter = true,
        });
        _answering = AnswerAsync();
    }

    /// <summary>Takes a publish; returns when there is room for the next one.</summary>
    /// <returns>False when the pipeline is complete: the publish is not acknowledged.</returns>
    public async ValueTask<bool> TakeAsync(string topic, MqttPublishPacket packet)
    {
        var payload = packet.Payload.IsSingleSegment ? packet.Payload.First : packet.Payload.ToArray();
        var publish = new PositionPublish(_client, topic, packet.ContentType, payload);
        // Not tied to the connection: a position that arrived is worth keeping even if its sender is gone by now.
        var result = _intake.TakeAsync(publish, CancellationToken.None).AsTask();
        var waiting = new Waiting(packet.PacketIdentifier, packet.QualityOfServiceLevel, result);
        while (!_window.Writer.TryWrite(waiting))
        {
            if (!await _window.Writer.WaitToWriteAsync())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes no more, and completes when all that was taken is answered.</summary>
    public Task CompleteAsync()
    {
        _window.Writer.TryComplete();
        return _answering;
    }

    private async Task AnswerAsync()
    {
        await foreach (var waiting in _window.Reader.ReadAllAsync())
        {
            if (await ResultOf(waiting) is not { } result)
            {
                _isBroken = true;
                _close(MqttDisconnectReasonCode.ImplementationSpecificError);
                continue;
            }

            if (result.Live is { } location)
            {
                _live.Offer(result.RequestId, location);
            }

            // After one publish was left unanswered, no later one may be acknowledged before it is sent again.
            if (!_isBroken)
            {
                await AnswerAsync(waiting, result);
            }
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
            LogFailed(e, _client.Scope);
            return null;
        }
    }
#pragma warning restore CA1031

    private async Task AnswerAsync(Waiting waiting, IntakeResult result)
    {
        var reply = PublishReply.To(result.Code, _isVersion5, waiting.Quality, _closeOnDenied);
        if (reply.Close is { } reason)
        {
            _isBroken = true;
            _close(reason);
        }

        if (reply.Acknowledge is { } code)
        {
            await SendAsync(waiting, code, _mayExplain ? result.Detail : null);
        }
    }

    private async Task SendAsync(Waiting waiting, MqttPubAckReasonCode code, string? reason)
    {
        MqttPacket packet = waiting.Quality == MqttQualityOfServiceLevel.ExactlyOnce
            ? new MqttPubRecPacket
            {
                PacketIdentifier = waiting.PacketId,
                ReasonCode = (MqttPubRecReasonCode)(int)code,
                ReasonString = reason,
            }
            : new MqttPubAckPacket { PacketIdentifier = waiting.PacketId, ReasonCode = code, ReasonString = reason };
        var sending = _send(packet);
        try
        {
            await sending.WaitAsync(_longestUnread, _time);
        }
        catch (TimeoutException)
        {
            _isBroken = true;
            _close(MqttDisconnectReasonCode.QuotaExceeded);
            // It ends with the connection.
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e) when (
            e is IOException or InvalidOperationException or OperationCanceledException or MqttCommunicationException)
        {
            // The client is gone; it will send again what was not acknowledged.
            _isBroken = true;
        }
    }

    [LoggerMessage(LogLevel.Error, "A publish of {Client} failed; the connection is closed without acknowledgement")]
    private partial void LogFailed(Exception exception, string client);

    private readonly record struct Waiting(
        ushort PacketId, MqttQualityOfServiceLevel Quality, Task<IntakeResult> Result);
}
