using System.Globalization;
using System.Text.Json;
using ArtMqtt.Store.Webhooks;
using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Geofences;

/// <summary>
/// Takes devices through geofences, by their stored positions in the order of fix time. Position, state and events of a
/// device go on in one transaction, so nothing is told twice or forgotten, whoever dies when. What is older than what was
/// looked at is not looked at any more. Several nodes may work at the same time; one call after the other.
/// </summary>
public sealed class GeofenceEvaluator(NpgsqlDataSource dataSource)
{
    private const int MaxDevices = 100;
    private const int MaxPositions = 1_000;

    private const string VersionSql =
        "SELECT md5(string_agg(geofence_id::text || version, ',' ORDER BY geofence_id)) FROM geofences";

    private const string LoadSql = """
        SELECT geofence_id, tenant, name, shape::text, device_prefix, device_ids, created_at, updated_at, version
        FROM geofences
        """;

    private const string ForgetAllSql = "DELETE FROM geofence_progress";

    private const string FindSql = """
        SELECT l.device_key, d.device_id, d.tenant, p.device_key IS NOT NULL, l.fix_time
        FROM device_latest l JOIN devices d USING (device_key) LEFT JOIN geofence_progress p USING (device_key)
        WHERE p.through IS NULL OR p.through < l.fix_time
        ORDER BY l.device_key
        """;

    private const string ForgetSql = "DELETE FROM geofence_progress WHERE device_key = ANY ($1)";

    // A device that nobody looked at begins with what came since somebody does.
    private const string BeginSql = """
        INSERT INTO geofence_progress (device_key, through)
        SELECT u.device_key, coalesce((
            SELECT p.fix_time FROM positions p
            WHERE p.device_key = u.device_key AND p.received_at < u.since ORDER BY p.fix_time DESC LIMIT 1), '-infinity')
        FROM unnest($1, $2) AS u (device_key, since)
        ON CONFLICT (device_key) DO NOTHING
        """;

    private const string LockSql = """
        SELECT device_key FROM geofence_progress WHERE device_key = ANY ($1) ORDER BY device_key FOR UPDATE SKIP LOCKED
        """;

    private const string StatesSql = """
        SELECT device_key, geofence_id, is_inside, against, crossed_at, crossed_lat, crossed_lng
        FROM geofence_states WHERE device_key = ANY ($1)
        """;

    private const string PositionsSql = """
        SELECT g.device_key, p.lat, p.lng, p.fix_time, p.accuracy FROM geofence_progress g CROSS JOIN LATERAL (
            SELECT lat, lng, fix_time, accuracy FROM positions
            WHERE device_key = g.device_key AND fix_time > g.through AND role <> 2 ORDER BY fix_time LIMIT $2) p
        WHERE g.device_key = ANY ($1) ORDER BY g.device_key, p.fix_time
        """;

    private const string AdvanceSql = """
        UPDATE geofence_progress p SET through = u.through FROM unnest($1, $2) AS u (device_key, through)
        WHERE p.device_key = u.device_key
        """;

    private const string ClearSql = "DELETE FROM geofence_states WHERE device_key = $1";

    private const string SetSql = """
        INSERT INTO geofence_states (device_key, geofence_id, is_inside, against, crossed_at, crossed_lat, crossed_lng)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string TellSql = "SELECT add_webhook_event($1, $2, $3, $4, $5, $6)";

    private string? _version;
    private GeofenceIndex _index = new([]);

    /// <summary>Takes all devices with new positions as far as these go.</summary>
    /// <returns>How many crossings were found.</returns>
    public async Task<int> EvaluateAsync(GeofenceRules rules, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rules);
        await RefreshAsync(cancellationToken);
        if (_index.IsEmpty)
        {
            return 0;
        }

        var crossings = 0;
        bool isMore;
        do
        {
            isMore = false;
            foreach (var devices in (await FindAsync(cancellationToken)).Chunk(MaxDevices))
            {
                var (found, hasMore) = await EvaluateAsync(devices, rules, cancellationToken);
                crossings += found;
                isMore |= hasMore;
            }
        }
        while (isMore);
        return crossings;
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var ask = new NpgsqlCommand(VersionSql, connection);
        var version = await ask.ExecuteScalarAsync(cancellationToken) as string;
        if (version is null)
        {
            // Whoever makes the next one does not ask for what happens until then.
            await using var forget = new NpgsqlCommand(ForgetAllSql, connection);
            await forget.ExecuteNonQueryAsync(cancellationToken);
        }

        if (version == _version)
        {
            return;
        }

        var geofences = new List<Geofence>();
        await using var load = new NpgsqlCommand(LoadSql, connection);
        await using var reader = await load.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            geofences.Add(GeofenceRepository.Read(reader));
        }

        (_index, _version) = (new GeofenceIndex(geofences), version);
    }

    // Devices that a geofence looks at and that have new positions; of the others it is forgotten how far they came.
    private async Task<List<Device>> FindAsync(CancellationToken cancellationToken)
    {
        var (devices, others) = (new List<Device>(), new List<int>());
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using (var find = new NpgsqlCommand(FindSql, connection))
        {
            await using var reader = await find.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var device = new Device(
                    reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), reader.GetDateTime(4));
                if (_index.Covers(device.Tenant, device.DeviceId))
                {
                    devices.Add(device);
                }
                else if (device.IsKnown)
                {
                    others.Add(device.Key);
                }
            }
        }

        if (others.Count > 0)
        {
            await using var forget = new NpgsqlCommand(ForgetSql, connection) { Parameters = { Keys(others) } };
            await forget.ExecuteNonQueryAsync(cancellationToken);
        }

        return devices;
    }

    private async Task<(int Crossings, bool IsMore)> EvaluateAsync(
        Device[] devices, GeofenceRules rules, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await BeginAsync(connection, devices.Where(device => !device.IsKnown).ToList(), cancellationToken);
        var taken = await LockAsync(connection, devices.Select(device => device.Key), cancellationToken);
        var states = await ReadStatesAsync(connection, taken, cancellationToken);
        var trackers = devices.Where(device => taken.Contains(device.Key)).ToDictionary(
            device => device.Key,
            device => new GeofenceTracker(device.Tenant, device.DeviceId, _index, rules, states[device.Key]));
        var (progress, crossings, isMore) = await FollowAsync(connection, taken, trackers, cancellationToken);
        // Its positions were removed: it is not looked at again before there are new ones.
        foreach (var device in devices.Where(device => taken.Contains(device.Key)))
        {
            progress.TryAdd(device.Key, device.LatestFixTime);
        }

        if (progress.Count > 0)
        {
            var names = devices.ToDictionary(device => device.Key, device => device.DeviceId);
            await using var batch = new NpgsqlBatch(connection, transaction);
            AddProgress(batch, progress);
            AddStates(batch, trackers);
            foreach (var (key, crossing) in crossings)
            {
                batch.BatchCommands.Add(Tell(names[key], crossing));
            }

            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return (crossings.Count, isMore);
    }

    private async Task BeginAsync(NpgsqlConnection connection, List<Device> devices, CancellationToken cancellationToken)
    {
        if (devices.Count == 0)
        {
            return;
        }

        await using var begin = new NpgsqlCommand(BeginSql, connection);
        begin.Parameters.Add(Keys(devices.ConvertAll(device => device.Key)));
        begin.Parameters.Add(Times(devices.ConvertAll(
            device => _index.CoveredSince(device.Tenant, device.DeviceId).UtcDateTime)));
        await begin.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<List<int>> LockAsync(
        NpgsqlConnection connection, IEnumerable<int> keys, CancellationToken cancellationToken)
    {
        var taken = new List<int>();
        await using var command = new NpgsqlCommand(LockSql, connection) { Parameters = { Keys([.. keys]) } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            taken.Add(reader.GetInt32(0));
        }

        return taken;
    }

    private static async Task<ILookup<int, GeofenceState>> ReadStatesAsync(
        NpgsqlConnection connection, List<int> keys, CancellationToken cancellationToken)
    {
        var states = new List<(int Key, GeofenceState State)>();
        await using var command = new NpgsqlCommand(StatesSql, connection) { Parameters = { Keys(keys) } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            TrackedPosition? crossedAt = reader.IsDBNull(4)
                ? null
                : new TrackedPosition(reader.GetDouble(5), reader.GetDouble(6), reader.GetFieldValue<DateTimeOffset>(4));
            states.Add((
                reader.GetInt32(0), new GeofenceState(reader.GetGuid(1), reader.GetBoolean(2), reader.GetInt32(3), crossedAt)));
        }

        return states.ToLookup(entry => entry.Key, entry => entry.State);
    }

    private static async Task<(Dictionary<int, DateTime> Progress, List<(int, GeofenceCrossing)> Crossings, bool IsMore)>
        FollowAsync(
            NpgsqlConnection connection, List<int> keys, Dictionary<int, GeofenceTracker> trackers,
            CancellationToken cancellationToken)
    {
        var (progress, counts, crossings) = (new Dictionary<int, DateTime>(), new Dictionary<int, int>(), new List<(int, GeofenceCrossing)>());
        await using var command = new NpgsqlCommand(PositionsSql, connection)
        {
            Parameters = { Keys(keys), new() { Value = MaxPositions } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var key = reader.GetInt32(0);
            var position = new TrackedPosition(
                reader.GetDouble(1), reader.GetDouble(2), reader.GetFieldValue<DateTimeOffset>(3),
                reader.IsDBNull(4) ? null : reader.GetFloat(4));
            crossings.AddRange(trackers[key].Observe(position).Select(crossing => (key, crossing)));
            progress[key] = position.FixTime.UtcDateTime;
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        return (progress, crossings, counts.ContainsValue(MaxPositions));
    }

    private static void AddProgress(NpgsqlBatch batch, Dictionary<int, DateTime> progress) =>
        batch.BatchCommands.Add(new(AdvanceSql)
        {
            Parameters = { Keys([.. progress.Keys]), Times([.. progress.Values]) },
        });

    private static void AddStates(NpgsqlBatch batch, Dictionary<int, GeofenceTracker> trackers)
    {
        foreach (var (key, tracker) in trackers.Where(entry => entry.Value.IsChanged))
        {
            batch.BatchCommands.Add(new(ClearSql) { Parameters = { new() { Value = key } } });
            foreach (var state in tracker.States)
            {
                batch.BatchCommands.Add(new(SetSql)
                {
                    Parameters =
                    {
                        new() { Value = key }, new() { Value = state.GeofenceId }, new() { Value = state.IsInside },
                        new() { Value = state.Against },
                        new NpgsqlParameter<DateTime?> { TypedValue = state.CrossedAt?.FixTime.UtcDateTime },
                        new NpgsqlParameter<double?> { TypedValue = state.CrossedAt?.Latitude },
                        new NpgsqlParameter<double?> { TypedValue = state.CrossedAt?.Longitude },
                    },
                });
            }
        }
    }

    private static NpgsqlBatchCommand Tell(string deviceId, GeofenceCrossing crossing)
    {
        var (geofence, at) = (crossing.Geofence, crossing.At);
        var data = JsonSerializer.Serialize(new
        {
            geofenceId = geofence.GeofenceId,
            geofenceName = geofence.Settings.Name,
            deviceId,
            position = new { lat = at.Latitude, lng = at.Longitude, fixTime = at.FixTime.UtcDateTime },
        });
        return new(TellSql)
        {
            Parameters =
            {
                new() { Value = crossing.IsEnter ? WebhookEventTypes.GeofenceEnter : WebhookEventTypes.GeofenceExit },
                new() { Value = geofence.Tenant }, new() { Value = deviceId },
                new()
                {
                    Value = string.Create(
                        CultureInfo.InvariantCulture, $"{geofence.GeofenceId} {deviceId} {at.FixTime.UtcTicks}"),
                },
                new() { Value = at.FixTime.UtcDateTime }, new() { Value = data, NpgsqlDbType = NpgsqlDbType.Json },
            },
        };
    }

    private static NpgsqlParameter<int[]> Keys(List<int> keys) => new() { TypedValue = [.. keys] };

    private static NpgsqlParameter<DateTime[]> Times(List<DateTime> times) => new() { TypedValue = [.. times] };

    private readonly record struct Device(
        int Key, string DeviceId, string Tenant, bool IsKnown, DateTime LatestFixTime);
}
