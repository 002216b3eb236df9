using System.Globalization;
using ArtMqtt.Store.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.PgOutput;

namespace ArtMqtt.Store.Changes;

/// <summary>
/// Follows the changes of the published tables by logical replication. The slot is temporary: it ends with the
/// connection, so a node that is gone holds no write-ahead log. The price is a gap whenever the connection breaks,
/// and the consumer is told of each.
/// </summary>
internal sealed partial class ChangeFeed(
    [FromKeyedServices(StoreSources.Direct)] NpgsqlDataSource dataSource, SchemaMigrator migrator, IChangeConsumer consumer, ChangeFeedStatus status,
    IOptions<StoreOptions> options, TimeProvider time, ILogger<ChangeFeed> logger) : BackgroundService
{
    /// <summary>Name of the publication.</summary>
    public const string Publication = "artmqtt_changes";

    private const string LevelSql = "SELECT current_setting('wal_level')";
    private const string FindSql = "SELECT count(*) FROM pg_publication_tables WHERE pubname = $1 AND tablename = ANY($2)";
    private const string CreateSql = $"CREATE PUBLICATION {Publication} FOR TABLE service_requests, request_events, devices";

    // Much shorter than the server's wal_sender_timeout (1 minute).
    private static readonly TimeSpan _reportEvery = TimeSpan.FromSeconds(5);

    // An administrator has to do something first; nobody waits for it here.
    private static readonly TimeSpan _retryWhenOff = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await consumer.Wanted.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (var attempt = 1; !stoppingToken.IsCancellationRequested;)
        {
            TimeSpan delay;
            try
            {
                await migrator.MigrateAsync(stoppingToken);
                await FollowAsync(() => attempt = 1, stoppingToken);
                delay = Interrupted("the server ended it", attempt++);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (WhatIsMissing(e) is { } missing)
            {
                delay = _retryWhenOff;
                SwitchedOff(missing);
            }
            catch (Exception e) when (StoreErrors.IsOutage(e))
            {
                delay = Interrupted(e.Message, attempt++);
            }
            catch (Exception e)
            {
                // Not foreseen; still no reason to stop the rest of the node.
                LogFailed(e);
                delay = Interrupted(e.Message, attempt++);
            }

            await Task.Delay(delay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private TimeSpan Interrupted(string reason, int attempt)
    {
        var delay = Backoff.After(attempt, Random.Shared.NextDouble());
        consumer.Interrupt(isOff: false);
        status.Problem = "Row changes are interrupted.";
        LogInterrupted(reason, delay);
        return delay;
    }

    private void SwitchedOff(string missing)
    {
        consumer.Interrupt(isOff: true);
        var problem = $"Row changes are off: {missing}";
        if (status.Problem != problem)
        {
            status.Problem = problem;
            LogOff(missing);
        }
    }

    private async Task FollowAsync(Action connected, CancellationToken stoppingToken)
    {
        var (host, port) = await PrepareAsync(stoppingToken);
        await using var connection = new LogicalReplicationConnection(ReplicationConnectionString(host, port))
        {
            WalReceiverStatusInterval = _reportEvery,
        };
        await connection.Open(stoppingToken);
        var name = string.Create(CultureInfo.InvariantCulture, $"{Publication}_{Guid.NewGuid():N}");
        var slot = await connection.CreatePgOutputReplicationSlot(
            name, temporarySlot: true, LogicalSlotSnapshotInitMode.NoExport, cancellationToken: stoppingToken);

        // After the slot: a device that comes in between is in both.
        var devices = new DeviceNames();
        await devices.ReadAsync(dataSource, stoppingToken);
        connected();
        status.Problem = null;
        LogFollowing(name);
        consumer.Begin();

        // Nothing is read twice from a temporary slot, so all that came may be forgotten by the server. Without this
        // the positions that are written beside would pile up as write-ahead log while no request changes.
        await using var report = time.CreateTimer(
            _ => connection.SetReplicationStatus(connection.LastReceivedLsn), null, _reportEvery, _reportEvery);
        var decoder = new RowDecoder(devices);
        var messages = connection.StartReplication(
            slot, new PgOutputReplicationOptions(Publication, PgOutputProtocolVersion.V1), stoppingToken);
        await foreach (var message in messages)
        {
            if (await decoder.DecodeAsync(message, stoppingToken) is { } change)
            {
                consumer.Change(change);
            }
        }
    }

    // Where the primary is: of several hosts, replication does not look for it.
    private async Task<(string? Host, int Port)> PrepareAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var level = new NpgsqlCommand(LevelSql, connection);
        if ((string?)await level.ExecuteScalarAsync(cancellationToken) is { } found and not "logical")
        {
            throw new ChangeFeedException($"the database has wal_level = {found}; it needs logical.");
        }

        await using var find = new NpgsqlCommand(FindSql, connection)
        {
            Parameters = { new() { Value = Publication }, new() { Value = PublishedTable.All.Select(t => t.Name).ToArray() } },
        };
        if ((long)(await find.ExecuteScalarAsync(cancellationToken))! == PublishedTable.All.Count)
        {
            return (connection.Host, connection.Port);
        }

        try
        {
            await using var create = new NpgsqlCommand(CreateSql, connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
        {
            // Another node did it just now.
        }

        return (connection.Host, connection.Port);
    }

    private static string? WhatIsMissing(Exception exception) => exception switch
    {
        ChangeFeedException e => e.Message,
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } e =>
            $"{e.MessageText}. The role needs REPLICATION, and CREATE on the database for the publication {Publication}.",
        PostgresException { SqlState: PostgresErrorCodes.ConfigurationLimitExceeded } e =>
            $"{e.MessageText}. Each node takes one: raise max_replication_slots and max_wal_senders.",
        _ => null,
    };

    // Values come as text: times as ISO 8601 in UTC, numbers exact, whatever the role or database is set to.
    private string ReplicationConnectionString(string? host, int port)
    {
        var direct = options.Value.DirectConnectionString is { Length: > 0 } given ? given : options.Value.ConnectionString;
        var builder = new NpgsqlConnectionStringBuilder(direct)
        {
            Host = host,
            Port = port,
            TargetSessionAttributes = null,
            Timezone = "UTC",
            ApplicationName = Publication,
        };
        builder.Options = $"{builder.Options} -c datestyle=ISO -c extra_float_digits=1".TrimStart();
        return builder.ConnectionString;
    }

    [LoggerMessage(LogLevel.Information, "Row changes are followed (slot {Slot})")]
    private partial void LogFollowing(string slot);

    [LoggerMessage(LogLevel.Warning, "Row changes are off, all else works: {Reason}")]
    private partial void LogOff(string reason);

    [LoggerMessage(LogLevel.Warning, "Row changes are interrupted ({Reason}); trying again in {Delay}")]
    private partial void LogInterrupted(string reason, TimeSpan delay);

    [LoggerMessage(LogLevel.Error, "Following row changes failed")]
    private partial void LogFailed(Exception exception);
}
