using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Sessions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Mqtt.Storage;

/// <summary>
/// Keeps sessions and retained messages on disk. Whoever changes one marks it; the writer takes all that is marked and
/// commits it at once, so what came and went in between is never written, and what waits is bounded by what there is.
/// </summary>
internal sealed partial class SessionStore : IDisposable
{
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Lock _writing = new();
    private readonly StateDatabase? _database;
    private readonly RetainedMessages _retained;
    private readonly BrokerMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogLimiter _limiter;
    private HashSet<Session> _sessions = [];
    private HashSet<string> _topics = new(StringComparer.Ordinal);
    private TaskCompletionSource _signal = NewSignal();
    private TaskCompletionSource _committed = NewSignal();
    private Task _current = Task.CompletedTask;
    private bool _isDisposed;

    /// <summary>Opens the file, if there is to be one.</summary>
    public SessionStore(
        IOptions<BrokerStateOptions> options, RetainedMessages retained, BrokerMetrics metrics, TimeProvider time,
        ILogger<SessionStore> logger)
    {
        (_retained, _metrics, _time, _logger) = (retained, metrics, time, logger);
        _limiter = new LogLimiter(TimeSpan.FromSeconds(10), time);
        _database = options.Value.File is { Length: > 0 } file ? new StateDatabase(file) : null;
    }

    /// <summary>Whether the last commit failed; what is kept is then in memory only.</summary>
    public bool IsFailing { get; private set; }

    /// <summary>A session has changed. Does not wait.</summary>
    public void Mark(Session session)
    {
        if (_database is not null)
        {
            lock (_gate)
            {
                _sessions.Add(session);
                _signal.TrySetResult();
            }
        }
    }

    /// <summary>The retained message of a topic has changed. Does not wait.</summary>
    public void MarkRetained(string topic)
    {
        if (_database is not null)
        {
            lock (_gate)
            {
                _topics.Add(topic);
                _signal.TrySetResult();
            }
        }
    }

    /// <summary>Completes when everything that is marked by now is on disk; at once when there is no file.</summary>
    public Task WhenCommittedAsync()
    {
        lock (_gate)
        {
            return _sessions.Count + _topics.Count > 0 ? _committed.Task : _current;
        }
    }

    /// <summary>Brings back what was kept; before anybody connects.</summary>
    public void Load(SessionTable sessions)
    {
        if (_database is null)
        {
            return;
        }

        lock (_retained.Gate)
        {
            _database.ReadRetained().ForEach(message => _retained.TrySet(message));
        }

        var messages = _database.ReadMessages().ToLookup(m => m.Key, m => m.Message);
        foreach (var (key, state) in _database.ReadSessions())
        {
            sessions.Restore(key, state, messages[key]);
        }

        LogLoaded(sessions.Count, _retained.Count);
    }

    /// <summary>Writes until the token is cancelled, then what is left.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        if (_database is null)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            await _signal.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!TryWrite())
            {
                await Task.Delay(_retryDelay, _time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        TryWrite();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_writing)
        {
            _isDisposed = true;
            _database?.Dispose();
        }
    }

    private bool TryWrite()
    {
        lock (_writing)
        {
            return _isDisposed || TryWriteMarked();
        }
    }

    private bool TryWriteMarked()
    {
        HashSet<Session> sessions;
        HashSet<string> topics;
        TaskCompletionSource committed;
        lock (_gate)
        {
            (sessions, topics, committed) = (_sessions, _topics, _committed);
            (_sessions, _topics) = ([], new HashSet<string>(StringComparer.Ordinal));
            (_signal, _committed, _current) = (NewSignal(), NewSignal(), committed.Task);
        }

        try
        {
            var started = _time.GetTimestamp();
            // A session that has ended goes before the one that took its place.
            var changes = sessions.Select(s => s.TakeChanges()).OrderBy(c => !c.IsOver);
            _database!.Write([.. changes], [.. topics.Select(t => (t, FindRetained(t)))]);
            _metrics.StateCommitted(_time.GetElapsedTime(started));
            (IsFailing, _) = (false, committed.TrySetResult());
            return true;
        }
        catch (SqliteException e)
        {
            IsFailing = true;
            if (_limiter.MayLog(out var hidden))
            {
                LogFailed(e, hidden);
            }

            PutBack(sessions, topics, committed);
            return false;
        }
    }

    private void PutBack(HashSet<Session> sessions, HashSet<string> topics, TaskCompletionSource committed)
    {
        foreach (var session in sessions)
        {
            session.MarkAllChanged();
        }

        lock (_gate)
        {
            _sessions.UnionWith(sessions);
            _topics.UnionWith(topics);
            _signal.TrySetResult();
            // Who waits for either waits for the next commit that succeeds.
            var later = _committed;
            _committed = committed;
            committed.Task.ContinueWith(
                _ => later.TrySetResult(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    private Message? FindRetained(string topic)
    {
        lock (_retained.Gate)
        {
            return _retained.Find(topic);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(LogLevel.Information, "Restored {Sessions} sessions and {Retained} retained messages")]
    private partial void LogLoaded(int sessions, int retained);

    [LoggerMessage(LogLevel.Error, "Sessions and retained messages could not be stored; trying again ({Hidden} times more)")]
    private partial void LogFailed(Exception exception, long hidden);
}
