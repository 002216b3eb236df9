using ArtMqtt.Contracts.Positions;
using ArtMqtt.Spool;
using Microsoft.Extensions.Logging;
using MQTTnet;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>
/// Publishes positions of one device, store and forward: a position is kept in the spool first, and forgotten only
/// when the server acknowledged it. Connects again by itself, for as long as it takes.
/// </summary>
internal sealed partial class PositionPublisher : IAsyncDisposable
{
    private readonly PublisherOptions _options;
    private readonly ISpool _spool;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RetryDelay _delay;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private TaskCompletionSource _progress = NewProgress();
    private uint _sequence;
    private bool _isUnreachable;

    /// <summary>Starts to deliver what the spool already holds.</summary>
    public PositionPublisher(
        PublisherOptions options, ISpool spool, TimeProvider time, Random random, ILogger<PositionPublisher> logger)
    {
        _options = options;
        _spool = spool;
        _time = time;
        _logger = logger;
        _delay = new RetryDelay(options.FirstDelay, options.LongestDelay, random);
        _running = Task.Run(() => RunAsync(_stop.Token));
    }

    /// <summary>What was done so far.</summary>
    public PublisherCounts Counts { get; } = new();

    /// <summary>Positions kept and not yet acknowledged.</summary>
    public long Waiting => _spool.Status.Records;

    /// <summary>
    /// Keeps a position; from here on it will reach the server (as durably as the spool promises). Waits while the
    /// spool is full.
    /// </summary>
    public async ValueTask PublishAsync(Position position, CancellationToken cancellationToken)
    {
        position = position with { Sequence = position.Sequence ?? ++_sequence };
        var payload = PositionCodec.Encode([position], _options.Format);
        await _spool.AppendAsync(new SpooledPublish(_options.Topic, payload).Encode(), cancellationToken);
        Counts.AddKept();
    }

    /// <summary>Waits until the server has everything.</summary>
    /// <returns>False when the time is over first.</returns>
    public async Task<bool> DrainAsync(TimeSpan limit)
    {
        using var window = new CancellationTokenSource(limit, _time);
        try
        {
            while (true)
            {
                var progress = Volatile.Read(ref _progress).Task;
                if (Waiting == 0)
                {
                    return true;
                }

                await progress.WaitAsync(window.Token);
            }
        }
        catch (OperationCanceledException) when (window.IsCancellationRequested)
        {
            return Waiting == 0;
        }
    }

    /// <summary>Disconnects. What is not acknowledged stays in the spool.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private static TaskCompletionSource NewProgress() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        var events = new DeliveryEvents(OnProgress, OnAnswer, LogUnreadable);
        try
        {
            while (true)
            {
                using (var connection = new ServerConnection(_options))
                {
                    if (await TryConnectAsync(connection, stoppingToken))
                    {
                        using var delivery = new Delivery(_spool, connection, Counts, _time, events);
                        await delivery.RunAsync(stoppingToken);
                        await connection.CloseAsync();
                    }
                }

                stoppingToken.ThrowIfCancellationRequested();
                Counts.AddRetry();
                await Task.Delay(_delay.Next(), _time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped: the spool keeps the rest.
        }
    }

    private async Task<bool> TryConnectAsync(ServerConnection connection, CancellationToken stoppingToken)
    {
        try
        {
            if (await connection.ConnectAsync(_time, stoppingToken) is { } refusal)
            {
                LogRefused(_options.DeviceId, refusal);
                return false;
            }

            _isUnreachable = false;
            Counts.AddConnect();
            LogConnected(_options.DeviceId, _options.Host, _options.Port, connection.Window);
            return true;
        }
        catch (Exception e) when (ServerConnection.IsFailure(e) && !stoppingToken.IsCancellationRequested)
        {
            if (!_isUnreachable)
            {
                // Once, not at every try: a fleet without network would fill the log.
                LogUnreachable(_options.DeviceId, _options.Host, _options.Port, e.GetBaseException().Message);
            }

            _isUnreachable = true;
            return false;
        }
    }

    private void OnProgress()
    {
        _delay.Reset();
        Interlocked.Exchange(ref _progress, NewProgress()).SetResult();
    }

    private void OnAnswer(MqttClientPublishReasonCode code, PublishVerdict verdict)
    {
        if (verdict == PublishVerdict.Refused)
        {
            LogGivenUp(_options.DeviceId, code);
        }
        else
        {
            LogNotNow(_options.DeviceId, code);
        }
    }

    [LoggerMessage(LogLevel.Information, "{DeviceId} is connected to {Host}:{Port}, {Window} publishes in flight")]
    private partial void LogConnected(string deviceId, string host, int port, int window);

    [LoggerMessage(LogLevel.Error, "The server refused {DeviceId} ({Reason}); will try again")]
    private partial void LogRefused(string deviceId, string reason);

    [LoggerMessage(LogLevel.Warning, "{DeviceId} cannot reach {Host}:{Port} ({Reason}); will try again")]
    private partial void LogUnreachable(string deviceId, string host, int port, string reason);

    [LoggerMessage(LogLevel.Error, "The server will never take a position of {DeviceId} ({Code}); it was given up")]
    private partial void LogGivenUp(string deviceId, MqttClientPublishReasonCode code);

    [LoggerMessage(LogLevel.Warning, "The server does not take positions of {DeviceId} now ({Code}); will try again")]
    private partial void LogNotNow(string deviceId, MqttClientPublishReasonCode code);

    [LoggerMessage(LogLevel.Error, "The spool held bytes that are no publish; they were given up")]
    private partial void LogUnreadable();
}
