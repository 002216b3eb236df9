using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ArtMqtt.Live.Redis;

/// <summary>
/// The connection to Redis, and whether it is worth asking. Nothing waits for a server that is gone: a command fails at once, and
/// after one that got no answer in time none is sent until a ping is answered.
/// </summary>
internal sealed partial class RedisLink(IOptions<RedisOptions> options, TimeProvider time, ILogger<RedisLink> logger)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private readonly SemaphoreSlim _trouble = new(0, 1);
    private ConnectionMultiplexer? _connection;
    private bool _hasSentinels;
    private string? _failure = "not connected yet";
    private bool _isSuspended = true;
    private bool _isTold;

    /// <summary>The commands.</summary>
    /// <exception cref="RedisException">Not <see cref="IsUsable"/>.</exception>
    public IDatabase Database => Usable.GetDatabase();

    /// <summary>The channels.</summary>
    /// <exception cref="RedisException">Not <see cref="IsUsable"/>.</exception>
    public ISubscriber Channels => Usable.GetSubscriber();

    /// <summary>Whether a command may be sent.</summary>
    public bool IsUsable => !Volatile.Read(ref _isSuspended) && !IsSplit;

    /// <summary>Why Redis cannot be used, or could not the last time; null when it can.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>How often something happened after which what came through channels may be incomplete.</summary>
    public long Losses => Interlocked.Read(ref _losses);

    /// <summary>Whether the keys are spread over the slots of a cluster.</summary>
    public bool IsCluster => _connection?.GetHashSlot("slot") >= 0;

    /// <summary>The slot of a key in a cluster.</summary>
    public int SlotOf(string key) => _connection!.GetHashSlot(key);

    private ConnectionMultiplexer Usable =>
        IsUsable ? _connection! : throw new RedisException("It did not answer, and is not asked before it answers a ping.");

    // A master that was replaced and is back says that it is one until the Sentinels have told it otherwise. The client may choose it,
    // and what it takes is lost.
    private bool IsSplit =>
        _hasSentinels && _connection is { } connection && connection.GetServers().Count(server => server.IsConnected && !server.IsReplica) > 1;

    // Whether the client has a server to write to; in a cluster that is a matter of each slot.
    private bool IsWritable => IsCluster || _connection!.GetDatabase().IsConnected("any", CommandFlags.DemandMaster);

    private long _losses;

    /// <summary>Whether this says that Redis, and not what was asked of it, is the trouble.</summary>
    public static bool IsOutage(Exception e) =>
        e is RedisException or RedisCommandException or TimeoutException or InvalidOperationException;

    /// <summary>A command failed.</summary>
    public void Failed(Exception e)
    {
        Fail(e, wasAsked: false);

        // Who refuses answers at once, who is gone fails at once; only silence costs time.
        if (e is TimeoutException)
        {
            Volatile.Write(ref _isSuspended, true);
        }

        Wake();
    }

    /// <summary>Waits until something is wrong, or for the time.</summary>
    public async Task WaitForTroubleAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _trouble.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Lets <see cref="WaitForTroubleAsync"/> return.</summary>
    public void Wake()
    {
        try
        {
            _trouble.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    /// <summary>Connects when that was not done, and asks for a sign of life.</summary>
    /// <returns>Whether Redis answers.</returns>
    public async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ConnectAsync(cancellationToken);
            await _connection!.GetDatabase().PingAsync().WaitAsync(options.Value.CommandTimeout, time, cancellationToken);
            if (IsSplit || !IsWritable)
            {
                // Who is a replica by now is asked again; and the client goes on leaving out a master that was one too many.
                await _connection.ConfigureAsync().WaitAsync(cancellationToken);
            }

            if (IsSplit)
            {
                throw new RedisException("Two servers say that they are the master; the Sentinels have not told the old one yet.");
            }

            if (!IsWritable)
            {
                throw new RedisException("No server says that it is the master.");
            }

            Volatile.Write(ref _isSuspended, false);
            return true;
        }
        catch (Exception e) when (IsOutage(e))
        {
            Fail(e, wasAsked: true);

            return false;
        }
    }

    /// <summary>Asks for something that is asked again anyway.</summary>
    /// <returns>Whether it was done.</returns>
    public async Task<bool> TryAskAsync(Func<Task> ask)
    {
        if (!IsUsable)
        {
            return false;
        }

        try
        {
            await ask();
            return true;
        }
        catch (RedisServerException)
        {
            // It refuses, being full perhaps: the streams say so when they are refused.
            return false;
        }
        catch (Exception e) when (IsOutage(e))
        {
            Failed(e);
            return false;
        }
    }

    /// <summary>Begins to hear what comes through a channel, in its order. Only one may hear it.</summary>
    /// <exception cref="Exception">As <see cref="IsOutage"/>.</exception>
    public async Task<ChannelMessageQueue> HearAsync(RedisChannel channel)
    {
        var channels = Channels;
        try
        {
            return await channels.SubscribeAsync(channel);
        }
        catch
        {
            // The client would keep a queue that nobody reads, and fill it when the connection is back.
            await channels.UnsubscribeAsync(channel, flags: CommandFlags.FireAndForget);
            throw;
        }
    }

    /// <summary>Everything works again.</summary>
    public void Healed()
    {
        if (Interlocked.Exchange(ref _failure, null) is not null)
        {
            Volatile.Write(ref _isTold, false);
            LogBack();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isSuspended, true);
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        _connecting.Dispose();
        _trouble.Dispose();
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            if (_connection is not null)
            {
                return;
            }

            var settings = ConfigurationOptions.Parse(options.Value.Configuration);
            settings.AbortOnConnectFail = false;
            settings.BacklogPolicy = BacklogPolicy.FailFast;
            settings.AsyncTimeout = settings.SyncTimeout = (int)options.Value.CommandTimeout.TotalMilliseconds;
            settings.ConnectTimeout = settings.AsyncTimeout;
            settings.ConnectRetry = 1;
            settings.KeepAlive = Math.Max(1, (int)options.Value.CommandTimeout.TotalSeconds);
            settings.Protocol = RedisProtocol.Resp3;
            settings.ClientName ??= "artmqtt";
            _hasSentinels = settings.ServiceName is { Length: > 0 };
            var connection = await ConnectionMultiplexer.ConnectAsync(settings);
            connection.ConnectionFailed += (_, failed) =>
                Failed(failed.Exception ?? new RedisException(failed.FailureType.ToString()));
            // Not before: what is read then comes, on the same connection, after the channels are subscribed to again.
            connection.ConnectionRestored += (_, _) => Lost();
            connection.ConfigurationChanged += (_, _) => Lost();
            _connection = connection;
        }
        finally
        {
            _connecting.Release();
        }
    }

    // What needs Redis before it was asked for the first time says nothing of it.
    private void Fail(Exception e, bool wasAsked)
    {
        if ((Interlocked.Exchange(ref _failure, e.Message) is null || wasAsked) && !Interlocked.Exchange(ref _isTold, true))
        {
            LogLost(e.Message);
        }
    }

    private void Lost()
    {
        Interlocked.Increment(ref _losses);
        Wake();
    }

    [LoggerMessage(LogLevel.Warning,
        "Redis is not there: {Reason}. This node shows what it knows itself, and tells the others when Redis is back")]
    private partial void LogLost(string reason);

    [LoggerMessage(LogLevel.Information, "Redis is there: live streams are shared with the other nodes")]
    private partial void LogBack();
}
