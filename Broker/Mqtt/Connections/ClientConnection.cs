using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Devices;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Sessions;
using ArtMqtt.Broker.Mqtt.Wire;
using ArtMqtt.Contracts.Clients;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>
/// One client's connection: reads its packets one after another, in order, and writes through its
/// <see cref="Outbox"/>. Everything others may call returns at once.
/// </summary>
internal sealed partial class ClientConnection : IClientLink
{
    private static readonly TimeSpan _notice = TimeSpan.FromMilliseconds(500);

    private readonly BrokerParts _parts;
    private readonly ConnectionContext _connection;
    private readonly PipeReader _input;
    private readonly Outbox _outbox;
    private readonly ConnectionEnding _ending;
    private readonly ILogger _logger;
    private readonly long _openedAt;
    private ClientSession? _client;
    private ClientOrigin? _origin;
    private IDisposable? _claim;
    private string? _endedFor;
    private volatile bool _isElsewhere;
    private volatile bool _isLeaving;
    private DateTimeOffset _enteredAt;
    private long _lastReceived;
    private volatile bool _isPaused;
    private long? _onNoticeSince;

    /// <summary>Takes a connection; nothing is read before <see cref="RunAsync"/>.</summary>
    public ClientConnection(ConnectionContext connection, BrokerParts parts)
    {
        (_parts, _connection, _logger) = (parts, connection, parts.Logger);
        _input = connection.Transport.Input;
        _outbox = new Outbox(connection.Transport.Output, parts.Options.MaxQueuedPerClient, parts.Time);
        _ending = new ConnectionEnding(connection, _outbox);
        _openedAt = _lastReceived = parts.Time.GetTimestamp();
    }

    /// <summary>Who it is, once it is signed in.</summary>
    public ClientIdentity? Identity => _client?.Identity;

    /// <summary>Names it as long as it lasts.</summary>
    public string Id => _connection.ConnectionId;

    /// <summary>Whether its client may not stay, and is about to be sent away.</summary>
    public bool IsOnNotice => _onNoticeSince is not null;

    /// <summary>Whether it is being drained, and then closed.</summary>
    public bool IsLeaving => _isLeaving;

    /// <summary>Cancelled when the network connection has ended.</summary>
    public CancellationToken Closed => _connection.ConnectionClosed;

    /// <inheritdoc/>
    public int ReceiveMaximum { get; private set; } = ushort.MaxValue;

    /// <inheritdoc/>
    public bool IsVersion5 { get; private set; }

    private EndPoint? Remote => _connection.RemoteEndPoint;

    /// <inheritdoc/>
    public bool Fits(Message message, byte quality, uint[]? identifiers) =>
        _outbox.Publishes.Fits(message, quality, identifiers);

    /// <inheritdoc/>
    public bool TrySend(in Outgoing packet, int room = 0) => _outbox.TryAdd(packet, room);

    /// <inheritdoc/>
    public void Close(ReasonCode reason)
    {
        if (_ending.TryBegin(IsVersion5 && _client is not null ? ServerPackets.Disconnect(reason) : null))
        {
            _endedFor = reason.ToString();
            _parts.Metrics.ConnectionClosed(_endedFor);
            LogClosing(Identity?.Scope, reason);
            _input.CancelPendingRead();
        }
    }

    /// <summary>Serves the client until it leaves or is made to.</summary>
    public async Task RunAsync()
    {
        DisconnectPacket? said = null;
        _parts.Clients.Add(this);
        try
        {
            said = await ReadAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ConnectionAbortedException)
        {
            // The network has gone; what that means for the session is decided below.
        }
        finally
        {
            await EndAsync(said);
        }
    }

    /// <summary>Waits for what was taken to be acknowledged, at most as long as the token lasts, then closes.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        _isLeaving = true;
        try
        {
            await (_client?.WhenAnsweredAsync() ?? Task.CompletedTask).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            LogNotDrained(Identity?.Scope);
        }

        Close(ReasonCode.ServerShuttingDown);
    }

    /// <summary>For those who look after clients; null before one is signed in.</summary>
    public ConnectedClient? Describe() => _client is not { } client || _origin is not { } origin ? null
        : new ConnectedClient(Id, origin.ClientId, client.Identity.Word, _enteredAt)
        {
            DeviceId = client.Identity.DeviceId,
            RequestId = client.Identity.RequestId,
            Subject = client.Identity.Subject,
            Address = origin.Address,
            Protocol = origin.Protocol,
            Agent = origin.Agent,
            Subscriptions = client.Subscriptions,
            Queued = client.Queued,
        };

    /// <summary>Ends the connection when its client may not stay.</summary>
    public void CheckStanding(ClientAuthenticator authenticator)
    {
        var standing = Identity is { } known ? authenticator.Check(known) : IdentityStanding.Valid;
        if (Identity is not { } identity || standing == IdentityStanding.Valid)
        {
            _onNoticeSince = null;
            return;
        }

        // Who waits for a request that has just ended is told so before the connection ends.
        _onNoticeSince ??= _parts.Time.GetTimestamp();
        if (identity.Kind != ClientKind.Customer || _parts.Time.GetElapsedTime(_onNoticeSince.Value) >= _notice)
        {
            Close(standing == IdentityStanding.Expired ? ReasonCode.NotAuthorized : ReasonCode.AdministrativeAction);
        }
    }

    /// <summary>Looks for reasons to end the connection; called about once a second.</summary>
    public void Look()
    {
        var silence = _isPaused ? TimeSpan.Zero : _parts.Time.GetElapsedTime(Volatile.Read(ref _lastReceived));
        if (_client is null)
        {
            if (_parts.Time.GetElapsedTime(_openedAt) >= _parts.Options.ConnectTimeout)
            {
                EndWithoutConnect("timeout");
            }
        }
        else if (_client.Terms.KeepAlive > TimeSpan.Zero && silence >= _client.Terms.KeepAlive * 1.5)
        {
            // One and a half times the keep-alive (MQTT 5, section 3.1.2.10).
            Close(ReasonCode.KeepAliveTimeout);
        }

        if (_outbox.Unread >= _parts.Options.UnreadTimeout)
        {
            Close(ReasonCode.QuotaExceeded);
            _connection.Abort(new ConnectionAbortedException("The client reads nothing."));
        }
    }

    /// <summary>Ends the connection if nobody has signed in on it.</summary>
    public void EndWithoutConnect(string reason)
    {
        if (_client is null && _ending.TryBegin(null))
        {
            _parts.Metrics.ConnectRefused(reason);
            _input.CancelPendingRead();
        }
    }

    private async ValueTask<DisconnectPacket?> ReadAsync()
    {
        while (!_ending.IsBegun)
        {
            var read = await _input.ReadAsync();
            var buffer = read.Buffer;
            while (!_ending.IsBegun && _client?.Said is null && TryTake(ref buffer, read.IsCompleted, out var header, out var body))
            {
                Volatile.Write(ref _lastReceived, _parts.Time.GetTimestamp());
                var handling = _client is null ? ConnectAsync(body) : HandleAsync(_client, header, body);
                if (!handling.IsCompletedSuccessfully)
                {
                    // We do not read for a while; that is not the client's silence.
                    _isPaused = true;
                    await handling;
                    Volatile.Write(ref _lastReceived, _parts.Time.GetTimestamp());
                    _isPaused = false;
                }
            }

            _input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted || _client?.Said is not null)
            {
                break;
            }
        }

        return _client?.Said;
    }

    // False when the next packet is not there yet, or is none: then the end of the connection is begun.
    private bool TryTake(ref ReadOnlySequence<byte> buffer, bool isLast, out byte header, out ReadOnlyMemory<byte> body)
    {
        var options = _parts.Options;
        var frame = PacketFrames.Take(
            ref buffer, _client is null ? options.MaxPacketBytesBeforeConnect : options.MaxPacketBytes,
            mustBeConnect: _client is null, out header, out var sequence);
        if (frame == PacketFrame.Complete)
        {
            body = sequence.IsSingleSegment ? sequence.First : sequence.ToArray();
            return true;
        }

        body = default;
        if (frame == PacketFrame.Incomplete && (!isLast || buffer.IsEmpty))
        {
            return false;
        }

        if (_client is null)
        {
            EndWithoutConnect(frame == PacketFrame.Incomplete ? nameof(PacketFrame.Torn) : frame.ToString());
        }
        else
        {
            Close(frame == PacketFrame.TooLarge ? ReasonCode.PacketTooLarge : ReasonCode.MalformedPacket);
        }

        return false;
    }

    private async ValueTask ConnectAsync(ReadOnlyMemory<byte> body)
    {
        var fault = ConnectPacket.TryRead(body.Span, out var version, out var connect);
        IsVersion5 = version == ProtocolVersion.V5;
        if (connect is null)
        {
            _parts.Admission.Refuse(fault, fault.ToString(), Remote);
            EndUnwelcome(version, fault);
            return;
        }

        if (_parts.Connects.Take(1, _parts.Options.ConnectTimeout) is not { } wait)
        {
            EndUnwelcome(version, _parts.Admission.Refuse(ReasonCode.ServerBusy, "rate", Remote));
            return;
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, _parts.Time, _connection.ConnectionClosed);
        }

        var terms = ConnectTerms.Of(connect, _parts.Options.MaxKeepAlive, _parts.State);
        var refusal = _parts.Admission.Decide(
            connect, terms, Remote, _connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate, out var identity);
        _origin = ClientOrigin.Of(_connection, connect, terms);
        if (identity is null)
        {
            if (refusal == ReasonCode.BadUserNameOrPassword)
            {
                _parts.Devices.Refused(string.IsNullOrEmpty(connect.UserName) ? terms.ClientId : connect.UserName, _origin);
            }

            EndUnwelcome(version, refusal);
            return;
        }

        await EnterAsync(connect, terms, identity);
    }

    private async ValueTask EnterAsync(ConnectPacket connect, ConnectTerms terms, ClientIdentity identity)
    {
        var properties = connect.Properties;
        ReceiveMaximum = properties.ReceiveMaximum ?? ushort.MaxValue;
        var maxAlias = Math.Min(properties.TopicAliasMaximum ?? 0, TopicAliases.Maximum);
        _outbox.Publishes = new PublishWriter(
            IsVersion5, properties.MaximumPacketSize ?? uint.MaxValue, maxAlias > 0 ? new OutgoingAliases(maxAlias) : null);
        var request = new SessionRequest(
            $"{identity.Scope}/{terms.ClientId}", identity, connect.IsCleanStart, terms.ExpirySeconds, connect.Will);
        var granted = 0u;
        var opening = _parts.Sessions.Open(request, this, (isPresent, expiry) =>
        {
            granted = expiry;
            return IsVersion5
                ? ServerPackets.Welcome(isPresent, terms.ToServerTerms(connect, expiry, _parts.Options))
                : ServerPackets.Welcome(connect.Version, isPresent);
        });
        _enteredAt = _parts.Time.GetUtcNow();
        _client = new ClientSession(_parts, this, opening.Session, connect, terms, identity, granted);
        _parts.Devices.Entered(identity, _origin!);
        _claim = _parts.Claims?.Claim(request.Key, GoElsewhere);
        opening.Before?.Close(ReasonCode.SessionTakenOver);
        await _parts.Publishes.SendAsync(opening.Wills);
    }

    private void GoElsewhere()
    {
        _isElsewhere = true;
        Close(ReasonCode.SessionTakenOver);
    }

    private void EndUnwelcome(ProtocolVersion version, ReasonCode reason)
    {
        if (_ending.TryBegin(ServerPackets.Refusal(version, reason)))
        {
            _input.CancelPendingRead();
        }
    }

    private ValueTask HandleAsync(ClientSession client, byte header, ReadOnlyMemory<byte> body) =>
        _outbox.Count < _parts.Options.MaxQueuedPerClient
            ? client.HandleAsync(header, body)
            : HandleLaterAsync(client, header, body);

    // A client that asks for more than it reads is not read either.
    private async ValueTask HandleLaterAsync(ClientSession client, byte header, ReadOnlyMemory<byte> body)
    {
        await _outbox.WhenRoomAsync();
        if (!_ending.IsBegun)
        {
            await client.HandleAsync(header, body);
        }
    }

    private async Task EndAsync(DisconnectPacket? said)
    {
        try
        {
            if (_client is { } client)
            {
                _claim?.Dispose();
                await client.EndAsync(said);
                _parts.Devices.Left(
                    client.Identity, _origin!, _endedFor ?? (said is null ? "network" : "client"), _isElsewhere);
            }

            await _ending.FinishAsync(_client?.WhenAnsweredAsync() ?? Task.CompletedTask);
        }
        finally
        {
            _parts.Clients.Remove(this);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Closing the connection of {Client}: {Reason}")]
    private partial void LogClosing(string? client, ReasonCode reason);

    [LoggerMessage(LogLevel.Warning, "Publishes of {Client} were not acknowledged before the stop; it will send them again")]
    private partial void LogNotDrained(string? client);
}
