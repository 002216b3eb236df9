using ArtMqtt.Broker.Mirror;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>
/// Runs MQTTnet's server for the sessions: subscriptions, delivery, pings. The only place that knows its hooks. It
/// starts before Kestrel accepts connections; when it cannot start, the host does not.
/// </summary>
internal sealed partial class MqttServerHost : IHostedLifecycleService, IMirrorTarget, IDisposable
{
    private const string MirrorId = "mirror";

    private readonly MqttConnections _connections;
    private readonly MqttConnectionParts _parts;
    private readonly ILogger<MqttServerHost> _logger;
    private readonly MqttServer _server;

    public MqttServerHost(MqttConnections connections, MqttConnectionParts parts, ILogger<MqttServerHost> logger)
    {
        (_connections, _parts, _logger) = (connections, parts, logger);
        var options = new MqttServerOptions
        {
            // MQTTnet counts its own seconds for the CONNECT; ours end it first.
            DefaultCommunicationTimeout = parts.Options.ConnectTimeout + TimeSpan.FromSeconds(5),
            // A subscription to everything queues all retained messages at once; the channel counts the live ones.
            MaxPendingMessagesPerClient = parts.Options.MaxQueuedPerClient + parts.Options.MaxRetainedStatuses,
            EnablePersistentSessions = false,
        };
        _server = new MqttServerFactory().CreateMqttServer(options, [connections], new MqttNetLog(logger));
        _server.ValidatingConnectionAsync += OnConnecting;
        _server.InterceptingSubscriptionAsync += OnSubscribing;
        _server.InterceptingUnsubscriptionAsync += OnUnsubscribing;
        _server.InterceptingPublishAsync += OnPublishing;
        _server.InterceptingClientEnqueueAsync += OnDelivering;
        _server.QueuedApplicationMessageOverwrittenAsync += OnOverflow;
    }

    /// <summary>Whether clients are served.</summary>
    public bool IsRunning { get; private set; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync();
        IsRunning = true;
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        IsRunning = false;
        _connections.Close();
        using var limit = new CancellationTokenSource(_parts.Options.DrainTimeout, _parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var clients = _parts.Clients.All;
        LogStopping(clients.Count);
        await Task.WhenAll(clients.Select(c => c.DrainAsync(either.Token)));
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(new MqttServerStopOptions());

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _server.Dispose();

    /// <inheritdoc/>
    public bool HasSubscribers(Guid requestId) => _parts.Clients.Subscriptions.Any(requestId);

    /// <inheritdoc/>
    public Task PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, bool isRetained, CancellationToken cancellationToken)
    {
        var message = new MqttApplicationMessage
        {
            Topic = topic,
            Payload = new(payload),
            ContentType = "application/json",
            Retain = isRetained,
            QualityOfServiceLevel = isRetained
                ? MqttQualityOfServiceLevel.AtLeastOnce
                : MqttQualityOfServiceLevel.AtMostOnce,
        };
        var injected = new InjectedMqttApplicationMessage(message) { SenderClientId = MirrorId };
        return _server.InjectApplicationMessage(injected, cancellationToken);
    }

    /// <inheritdoc/>
    public Task ForgetAsync(string topic) =>
        _server.UpdateRetainedMessageAsync(new MqttApplicationMessage { Topic = topic, Retain = true });

    private static Task OnConnecting(ValidatingConnectionEventArgs e)
    {
        e.ReasonCode = ((MqttChannel)e.ChannelAdapter).Admit(e.UserName, e.RawPassword, e.AuthenticationMethod);
        return Task.CompletedTask;
    }

    private Task OnSubscribing(InterceptingSubscriptionEventArgs e)
    {
        if (_parts.Clients.Find(e.ClientId) is not { Identity: { } client } channel)
        {
            e.ProcessSubscription = false;
            e.CloseConnection = true;
            return Task.CompletedTask;
        }

        var quality = channel.NextRequestedQuality();
        if (!_parts.Policy.MaySubscribe(client, e.TopicFilter.Topic))
        {
            _parts.Metrics.SubscribeDenied(client.Kind);
            Refuse(e, MqttSubscribeReasonCode.NotAuthorized);
        }
        else if (!channel.Subscriptions.TryAdd(e.TopicFilter.Topic, out var isNew))
        {
            _parts.Metrics.SubscribeDenied(client.Kind);
            Refuse(e, MqttSubscribeReasonCode.QuotaExceeded);
        }
        else
        {
            e.Response.ReasonCode = (MqttSubscribeReasonCode)(int)quality;
            if (isNew)
            {
                _parts.Clients.Subscriptions.Add(e.TopicFilter.Topic);
            }
        }

        return Task.CompletedTask;
    }

    private static void Refuse(InterceptingSubscriptionEventArgs e, MqttSubscribeReasonCode code)
    {
        e.ProcessSubscription = false;
        e.Response.ReasonCode = code;
    }

    private Task OnUnsubscribing(InterceptingUnsubscriptionEventArgs e)
    {
        if (_parts.Clients.Find(e.ClientId) is { } channel && channel.Subscriptions.Remove(e.Topic))
        {
            _parts.Clients.Subscriptions.Remove(e.Topic);
        }

        return Task.CompletedTask;
    }

    // What clients publish never gets here: the channel takes it. This is the second lock on that door.
    private static Task OnPublishing(InterceptingPublishEventArgs e)
    {
        e.ProcessPublish = e.ClientId == MirrorId;
        e.CloseConnection = !e.ProcessPublish;
        return Task.CompletedTask;
    }

    private Task OnDelivering(InterceptingClientApplicationMessageEnqueueEventArgs e)
    {
        var channel = _parts.Clients.Find(e.ReceiverClientId);
        if (channel?.Identity is { } client && _parts.Policy.MayReceive(client, e.ApplicationMessage.Topic))
        {
            // Without a sender it is a retained message for a new subscription.
            e.AcceptEnqueue = e.SenderClientId != MirrorId || channel.TryQueue();
            return Task.CompletedTask;
        }

        e.AcceptEnqueue = false;
        _parts.Metrics.DeliveryDenied();
        return Task.CompletedTask;
    }

    private Task OnOverflow(QueueMessageOverwrittenEventArgs e)
    {
        _parts.Clients.Find(e.ReceiverClientId)?.Close(MqttDisconnectReasonCode.QuotaExceeded);
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Information, "Stopping: {Count} clients are disconnected")]
    private partial void LogStopping(int count);
}
