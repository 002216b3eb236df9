using System.Collections.Concurrent;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Analysts;
using ArtMqtt.Store.Schema;
using ArtMqtt.Store.Sharing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ArtMqtt.Store.Fleet;

/// <summary>
/// Keeps <see cref="FleetDirectory"/> like the database: brings the schema up to date, reads everything, then listens
/// for changes of other nodes, and reads everything again now and then in case one was missed.
/// </summary>
internal sealed partial class FleetSynchronizer(
    [FromKeyedServices(StoreSources.Direct)] NpgsqlDataSource dataSource, SchemaMigrator migrator, AnalystAccess analysts, StoreRecovery recovery,
    FleetDirectory directory, FleetLoader loader, FleetSnapshotFile file, ShareNotices shares, RevokedTokens revoked,
    IOptions<StoreOptions> options, TimeProvider time, ILogger<FleetSynchronizer> logger) : BackgroundService
{
    private const string ListenSql = $"LISTEN {FleetChange.Channel}";

    // At most one file in that time, however many changes there are.
    private static readonly TimeSpan _saveEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _longestWait = TimeSpan.FromMilliseconds(500);

    private long _savedVersion;
    private long _savedAt;
    private Task _saving = Task.CompletedTask;

    private long Version => directory.Version + revoked.Version;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!directory.IsLoaded && await file.ReadAsync(cancellationToken) is { } kept)
        {
            directory.BeginReload();
            directory.CompleteReload(kept.State);
            revoked.Know(kept.Revoked, time.GetUtcNow());
            _savedVersion = Version;
            LogStartedFromFile();
        }

        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _saving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await SaveAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var attempt = 1; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                await migrator.MigrateAsync(stoppingToken);
                await analysts.PrepareAsync(stoppingToken);
                await using var connection = await dataSource.OpenConnectionAsync(stoppingToken);
                await FollowAsync(connection, () => attempt = 1, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (StoreErrors.IsOutage(e) && (e is not SchemaException || directory.IsLoaded))
            {
                // A schema that is not ours ends a start without devices; with them, the node serves them meanwhile.
                directory.SetCurrent(false);
                recovery.Prepare(e);
                var delay = Backoff.After(attempt, Random.Shared.NextDouble());
                LogDisconnected(StoreFailure.Describe(e), delay);
                attempt++;
                await Task.Delay(delay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(NpgsqlConnection connection, Action connected, CancellationToken stoppingToken)
    {
        var notices = new ConcurrentQueue<string>();
        connection.Notification += (_, notice) =>
        {
            // Past those of devices that wait: a link or token that is revoked must not count meanwhile.
            var isRead = FleetChange.TryParse(notice.Payload, out var change);
            if (isRead && change.ShareId is { } shareId)
            {
                shares.Tell(shareId);
            }
            else if (isRead && change.Token is { } token)
            {
                revoked.Add(token);
            }
            else
            {
                notices.Enqueue(notice.Payload);
            }
        };

        // Listening first: a change between the reading and the listening would be lost.
        await using (var listen = new NpgsqlCommand(ListenSql, connection))
        {
            await listen.ExecuteNonQueryAsync(stoppingToken);
        }

        while (true)
        {
            await loader.LoadAllAsync(connection, stoppingToken);
            connected();
            directory.SetCurrent(true);
            shares.Tell(null);
            var loadedAt = time.GetTimestamp();
            while (time.GetElapsedTime(loadedAt) < options.Value.FleetReloadInterval)
            {
                while (notices.TryDequeue(out var notice))
                {
                    if (FleetChange.TryParse(notice, out var change))
                    {
                        await loader.LoadAsync(connection, change, stoppingToken);
                    }
                }

                // Beside the notifications: a large fleet on a slow disk must not hold up a revocation.
                if (_saving.IsCompleted && time.GetElapsedTime(_savedAt) >= _saveEvery)
                {
                    await _saving;
                    _saving = SaveAsync(stoppingToken);
                }

                // Returns early when a notification arrives; one that came with the reading above is queued already.
                if (notices.IsEmpty)
                {
                    await connection.WaitAsync(_longestWait, stoppingToken);
                }
            }
        }
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        var version = Version;
        if (version != _savedVersion && directory.Current is { } state)
        {
            var kept = new KeptFleet(state, [.. revoked.All]);
            await Task.Run(() => file.WriteAsync(kept, cancellationToken), cancellationToken);
            _savedVersion = version;
            _savedAt = time.GetTimestamp();
        }
    }

    [LoggerMessage(LogLevel.Information, "The database is not asked yet: starting with the fleet kept on disk")]
    private partial void LogStartedFromFile();

    [LoggerMessage(LogLevel.Warning, "The fleet is not followed ({Reason}); trying again in {Delay}")]
    private partial void LogDisconnected(string reason, TimeSpan delay);
}
