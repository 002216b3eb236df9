using System.Buffers;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Filtering;
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
    // What a record takes besides its bytes, and some more.
    private const int Slack = 1 << 10;

    private readonly PublisherOptions _options;
    private readonly ISpool _spool;
    private readonly SentAhead _ahead = new();
    private readonly Action<DeviceControl?> _controlled;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RetryDelay _delay;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private TaskCompletionSource _progress = NewProgress();
    private uint _sequence;
    private bool _isUnreachable;

    /// <summary>Starts to deliver what the spool already holds.</summary>
    /// <param name="options">Where, as whom and how.</param>
    /// <param name="spool">Keeps what is not acknowledged.</param>
    /// <param name="time">Clock of this machine.</param>
    /// <param name="random">Keeps a fleet from coming back in step.</param>
    /// <param name="logger">Is told of the connection.</param>
    /// <param name="controlled">Is told how often the server wants positions.</param>
    public PositionPublisher(
        PublisherOptions options, ISpool spool, TimeProvider time, Random random, ILogger<PositionPublisher> logger,
        Action<DeviceControl?>? controlled = null)
    {
        _controlled = controlled ?? (_ => { });
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
        var record = new SpooledPublish(_options.Topic, payload).Encode();
        await MakeRoomAsync(record.Length, cancellationToken);
        var number = await _spool.AppendAsync(record, cancellationToken);
        if (_options.NewestFirst)
        {
            _ahead.Offer(number, record);
        }

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

    // A hundredth at a time: not every position of a long outage has to make room for itself.
    private async ValueTask MakeRoomAsync(int length, CancellationToken cancellationToken)
    {
        // First, so that what is acknowledged meanwhile makes it smaller, never larger.
        var acknowledged = _spool.Acknowledged;
        var status = _spool.Status;
        while (_options.DropsOldest && status.Records > 1 && status.Bytes + length + Slack > status.CapacityBytes)
        {
            var count = Math.Max(1, status.Records / 100);
            await _spool.AcknowledgeAsync(acknowledged + count, cancellationToken);
            Counts.AddDropped(count);
            LogDropped(_options.DeviceId, count);
            (acknowledged, status) = (_spool.Acknowledged, _spool.Status);
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        var events = new DeliveryEvents(OnProgress, OnAnswer, LogUnreadable);
        try
        {
            while (true)
            {
                using (var connection = new ServerConnection(_options, OnControl))
                {
                    if (await TryConnectAsync(connection, stoppingToken))
                    {
                        using var delivery = new Delivery(
                            _spool, connection, _options, _ahead, Counts, _time, events);
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
        catch (Exception e) when (ServerConnection.IsFailure(e))
        {
            if (!_isUnreachable && !stoppingToken.IsCancellationRequested)
            {
                // Once, not at every try: a fleet without network would fill the log.
                LogUnreachable(_options.DeviceId, _options.Host, _options.Port, e.GetBaseException().Message);
            }

            _isUnreachable = true;
            return false;
        }
    }

    private void OnControl(ReadOnlySequence<byte> payload) => _controlled(DeviceControl.Parse(payload.ToArray()));

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

    [LoggerMessage(LogLevel.Error, "The spool of {DeviceId} is full; its oldest {Count} positions were given up")]
    private partial void LogDropped(string deviceId, long count);

    [LoggerMessage(LogLevel.Error, "The spool held bytes that are no publish; they were given up")]
    private partial void LogUnreadable();
}
