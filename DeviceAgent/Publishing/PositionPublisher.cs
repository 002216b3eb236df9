using System.Buffers;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Clocks;
using ArtMqtt.DeviceAgent.Filtering;
using ArtMqtt.Spool;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>
/// Publishes positions of one device, store and forward: a position is kept in the spool first, and forgotten only
/// when the server acknowledged it. Connects again by itself, for as long as it takes.
/// </summary>
internal sealed partial class PositionPublisher : IAsyncDisposable
{
    private readonly PublisherOptions _options;
    private readonly ISpool _spool;
    private readonly SentAhead _ahead = new();
    private readonly Action<DeviceControl?> _controlled;
    private readonly string? _boot;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RetryDelay _delay;
    private readonly Preparation _preparation;
    private readonly SpoolRoom _room;
    private readonly DataBudget? _budget;
    private readonly Connector _connector;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private TaskCompletionSource _progress = NewProgress();
    private TimeSpan _askedToWait;
    private uint _sequence;

    /// <summary>Starts to deliver what the spool already holds.</summary>
    /// <param name="options">Where, as whom and how.</param>
    /// <param name="spool">Keeps what is not acknowledged.</param>
    /// <param name="time">Clock of this machine.</param>
    /// <param name="random">Keeps a fleet from coming back in step.</param>
    /// <param name="logger">Is told of the connection.</param>
    /// <param name="controlled">Is told how often the server wants positions.</param>
    /// <param name="clock">Knows the time of positions that were taken before the clock was set; null: there are none.</param>
    public PositionPublisher(
        PublisherOptions options, ISpool spool, TimeProvider time, Random random, ILogger<PositionPublisher> logger,
        Action<DeviceControl?>? controlled = null, BootClock? clock = null)
    {
        _controlled = controlled ?? (_ => { });
        _options = options;
        _spool = spool;
        _time = time;
        _logger = logger;
        _boot = clock?.Boot;
        _delay = new RetryDelay(options.FirstDelay, options.LongestDelay, random);
        _preparation = new Preparation(options.MaxAge, clock ?? new BootClock(new Machine(), time), time);
        _room = new SpoolRoom(options, spool, _preparation, Counts, time, logger);
        _budget = options.DailyBytes is { } bytes ? new DataBudget(bytes, time) : null;
        _connector = new Connector(options, _budget, Counts, time, logger, OnControl);
        Pace = new SendPace(time);
        _running = Task.Run(() => RunAsync(_stop.Token));
    }

    /// <summary>What was done so far.</summary>
    public PublisherCounts Counts { get; } = new();

    /// <summary>How often positions are sent.</summary>
    public SendPace Pace { get; }

    /// <summary>Positions kept and not yet acknowledged.</summary>
    public long Waiting => _spool.Status.Records;

    /// <summary>Completes when it is disposed; fails when it cannot go on.</summary>
    public Task Completion => _running;

    /// <summary>Where it is connected, or null.</summary>
    public ServerEndpoint? Server { get; private set; }

    /// <summary>Why it is not connected, as far as that is known.</summary>
    public string? Trouble => _connector.Trouble;

    /// <summary>About how many bytes went over a metered network.</summary>
    public long? Spent => _budget?.Spent;

    /// <summary>
    /// Keeps a position; from here on it will reach the server (as durably as the spool promises). What happens while the
    /// spool is full, <see cref="PublisherOptions.WhenFull"/> says.
    /// </summary>
    public async ValueTask PublishAsync(Position position, CancellationToken cancellationToken)
    {
        position = position with { Sequence = position.Sequence ?? ++_sequence };
        var payload = PositionCodec.Encode([position], _options.Format);
        var boot = BootClock.IsSinceBoot(position.FixTime) ? _boot : null;
        var record = new SpooledPublish(_options.Topic, payload, boot).Encode();
        if (!await _room.MakeAsync(record.Length, cancellationToken))
        {
            return;
        }

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
        Pace.Release();
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
        try
        {
            while (true)
            {
                await _room.ExpireAsync(stoppingToken);
                var connection = await _connector.ConnectAsync(stoppingToken);
                while (connection is not null)
                {
                    using var current = connection;
                    connection = await DeliverAsync(current, stoppingToken);
                }

                stoppingToken.ThrowIfCancellationRequested();
                Counts.AddRetry();
                var wait = _delay.Next();
                await Task.Delay(wait > _askedToWait ? wait : _askedToWait, _time, stoppingToken);
                _askedToWait = TimeSpan.Zero;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped: the spool keeps the rest.
        }
    }

    // Delivers until the connection is lost or has a successor, which it returns.
    private async Task<IServerConnection?> DeliverAsync(IServerConnection connection, CancellationToken stoppingToken)
    {
        Server = connection.Endpoint;
        var (sent, acknowledged) = (Counts.Sent, Counts.Acknowledged);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var noMore = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var succeeding = SucceedAsync(connection, end, noMore.Token, stoppingToken);
        var events = new DeliveryEvents(OnProgress, OnAnswer, OnGivenUp);
        using (var delivery = new Delivery(
            _spool, connection, _options, _ahead, Counts, _time, _preparation, Pace, _budget, events))
        {
            await delivery.RunAsync(end.Token);
        }

        await noMore.CancelAsync();
        var successor = await succeeding;
        await connection.CloseAsync();
        Server = null;
        if (successor is null)
        {
            // Two that call themselves the same would otherwise take the place from each other all the time.
            _askedToWait = connection.IsTakenOver ? _options.LongestDelay : _askedToWait;
            _connector.Ended(connection, isFruitless: Counts.Sent > sent && Counts.Acknowledged == acknowledged);
        }
        else
        {
            _connector.Succeeded();
        }

        return successor;
    }

    private async Task<IServerConnection?> SucceedAsync(
        IServerConnection connection, CancellationTokenSource end, CancellationToken noMore, CancellationToken stoppingToken)
    {
        var successor = await _connector.SucceedAsync(connection, noMore, stoppingToken);
        if (successor is not null)
        {
            await end.CancelAsync();
        }

        return successor;
    }

    private void OnControl(ReadOnlySequence<byte> payload) => _controlled(DeviceControl.Parse(payload.ToArray()));

    private void OnProgress()
    {
        _delay.Reset();
        Interlocked.Exchange(ref _progress, NewProgress()).SetResult();
    }

    private void OnAnswer(PublishAnswer answer)
    {
        _askedToWait = answer.RetryAfter is { } wait && wait < _options.LongestDelay ? wait : TimeSpan.Zero;
        if (answer.Verdict == PublishVerdict.Refused)
        {
            LogGivenUp(_options.DeviceId, answer.Reason);
        }
        else
        {
            LogNotNow(_options.DeviceId, answer.Reason);
        }
    }

    private void OnGivenUp(PreparationVerdict? why)
    {
        switch (why)
        {
            case null: LogUnreadable(); break;
            case PreparationVerdict.TooOld: LogTooOld(_options.DeviceId); break;
            default: LogTimeUnknown(_options.DeviceId); break;
        }
    }

    [LoggerMessage(LogLevel.Error, "The server will never take a position of {DeviceId} ({Code}); it was given up")]
    private partial void LogGivenUp(string deviceId, string code);

    [LoggerMessage(LogLevel.Warning, "The server does not take positions of {DeviceId} now ({Code}); will try again")]
    private partial void LogNotNow(string deviceId, string code);

    [LoggerMessage(LogLevel.Error, "The spool held bytes that are no publish; they were given up")]
    private partial void LogUnreadable();

    [LoggerMessage(LogLevel.Warning, "A position of {DeviceId} became too old before it could be sent; it was given up")]
    private partial void LogTooOld(string deviceId);

    [LoggerMessage(LogLevel.Error, "The time of a position of {DeviceId} is not known: the machine's clock was never set before it was restarted")]
    private partial void LogTimeUnknown(string deviceId);
}
