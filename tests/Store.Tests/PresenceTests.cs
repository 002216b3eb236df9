using System.Globalization;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.Store.Tests;

/// <summary>Who was where: the same answer with roll-ups, without them, and half way.</summary>
public sealed class PresenceTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly BoundingBox _box = new(10, 40, 20, 50);
    private static readonly DateTimeOffset _start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // All hours: with a row, due, not swept yet, half of each.
    [Theory]
    [InlineData("rolled up")]
    [InlineData("due")]
    [InlineData("not swept")]
    [InlineData("mixed")]
    [InlineData("stale rows that are due")]
    public async Task The_answer_is_exact_however_far_the_roll_up_is(string state)
    {
        await FillAsync();
        await RollUpAsync(state);
        (int, int)[] periods =
            [(0, 48 * 3600), (1800, (5 * 3600) + 11), (3600, 7199), (90_000, 90_000), (400_000, 500_000)];
        BoundingBox[] boxes =
            [_box, new(14, 44, 14.5, 60), new(170, -90, -170, 90), new(-180, -90, 180, 90), new(0, 0, 1, 1)];
        foreach (var (from, to) in periods)
        {
            foreach (var box in boxes)
            {
                var expected = await ExpectAsync(box, from, to);
                var found = await new PresenceReader(database.DataSource)
                    .FindInBoxAsync(TenantScope.All, box, At(from), At(to), "", 1_000, Token);
                Assert.Equal(expected, found);
                Assert.Equal(expected, await FindInAreaAsync(box, from, to, "", 1_000));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Pages_have_every_device_once(int limit)
    {
        await FillAsync();
        await RollUpAsync("mixed");
        var reader = new PresenceReader(database.DataSource);
        var all = await reader.FindInBoxAsync(TenantScope.All, _box, At(0), At(48 * 3600), "", 1_000, Token);
        Assert.True(all.Count > 5);
        foreach (var isArea in new[] { false, true })
        {
            var paged = new List<Presence>();
            IReadOnlyList<Presence> page;
            do
            {
                var after = paged.Count == 0 ? "" : paged[^1].DeviceId;
                page = isArea
                    ? await FindInAreaAsync(_box, 0, 48 * 3600, after, limit)
                    : await reader.FindInBoxAsync(TenantScope.All, _box, At(0), At(48 * 3600), after, limit, Token);
                paged.AddRange(page);
            }
            while (page.Count == limit);

            Assert.Equal(all, paged);
        }
    }

    [Fact]
    public async Task A_triangle_with_a_hole_has_what_is_inside()
    {
        await FillAsync();
        await RollUpAsync("mixed");
        var area = SearchArea.Create(
            [[[(10, 40), (20, 40), (15, 50), (10, 40)], [(14, 42), (16, 42), (15, 44), (14, 42)]]])!;
        Assert.True(area.Contains(41, 15));
        Assert.True(area.Contains(40, 15));
        Assert.False(area.Contains(42.5, 15));
        Assert.False(area.Contains(49, 11));
        var found = await new PresenceReader(database.DataSource)
            .FindInAreaAsync(TenantScope.All, area, At(0), At(48 * 3600), "", 1_000, Token);
        var inside = (await ReadAllAsync()).Where(p => area.Contains(p.Latitude, p.Longitude)).ToList();
        Assert.Equal(inside.Count, found.Sum(p => p.Positions));
        Assert.Equal(inside.Select(p => p.DeviceId).Distinct().Order(StringComparer.Ordinal), found.Select(p => p.DeviceId));
    }

    [Fact]
    public void What_is_no_area_is_refused()
    {
        Assert.Null(SearchArea.Create([]));
        Assert.Null(SearchArea.Create([[]]));
        Assert.Null(SearchArea.Create([[[(0, 0), (1, 0), (0, 0)]]]));
        Assert.Null(SearchArea.Create([[[(0, 0), (1, 0), (1, 1), (0, 1)]]]));
        // A bow tie.
        Assert.Null(SearchArea.Create([[[(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)]]]));
    }

    private static DateTimeOffset At(int second) => _start.AddSeconds(second);

    private Task<IReadOnlyList<Presence>> FindInAreaAsync(BoundingBox box, int from, int to, string after, int limit)
    {
        (double, double)[][] Polygon(double west, double east) =>
            [[(west, box.South), (east, box.South), (east, box.North), (west, box.North), (west, box.South)]];
        var area = SearchArea.Create(box.CrossesDateLine
            ? [Polygon(box.West, 180), Polygon(-180, box.East)] : [Polygon(box.West, box.East)])!;
        return new PresenceReader(database.DataSource).FindInAreaAsync(TenantScope.All, area, At(from), At(to), after, limit, Token);
    }

    // The truth: every position looked at.
    private async Task<List<Presence>> ExpectAsync(BoundingBox box, int from, int to) =>
    [
        .. (await ReadAllAsync())
            .Where(p => p.FixTime >= At(from) && p.FixTime <= At(to) && box.Contains(p.Latitude, p.Longitude))
            .GroupBy(p => p.DeviceId).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new Presence(g.Key, g.Min(p => p.FixTime), g.Max(p => p.FixTime), g.Count())),
    ];

    private async Task<List<(string DeviceId, DateTimeOffset FixTime, double Latitude, double Longitude)>> ReadAllAsync()
    {
        await using var command = database.DataSource.CreateCommand(
            "SELECT device_id, fix_time, lat, lng FROM positions JOIN devices USING (device_key)");
        await using var reader = await command.ExecuteReaderAsync(Token);
        var all = new List<(string, DateTimeOffset, double, double)>();
        while (await reader.ReadAsync(Token))
        {
            all.Add((reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetDouble(2), reader.GetDouble(3)));
        }

        return all;
    }

    // Twelve devices for two days, a position each five minutes: some stay inside, some pass, some go over the date line.
    // One customer's phone is there as well.
    private Task FillAsync() => ExecuteAsync($"""
        INSERT INTO devices (device_key, device_id, secret_hash)
        SELECT 1000 + i, 'truck-' || i, '\x00' FROM generate_series(1, 12) i ON CONFLICT DO NOTHING;
        INSERT INTO positions (device_key, fix_time, received_at, role, lat, lng)
        SELECT 1000 + i, '{_start:O}'::timestamptz + n * interval '5 minutes', now(), 0,
            CASE WHEN i <= 4 THEN 45 WHEN i <= 9 THEN 35 + n / 30.0 ELSE -17 END,
            CASE WHEN i <= 4 THEN 14 + i + n / 1000.0 WHEN i <= 9 THEN 5 + i + n / 100.0
                WHEN n % 70 < 35 THEN 179 + n % 70 / 40.0 ELSE -180 + n % 70 / 100.0 END
        FROM generate_series(1, 13) i, generate_series(0, 575) n WHERE i * 50 <> n ON CONFLICT DO NOTHING;
        """);

    private async Task RollUpAsync(string state)
    {
        var through = state == "not swept" ? _start : state == "mixed" ? _start.AddHours(40) : _start.AddDays(100);
        await ExecuteAsync($"""
            TRUNCATE device_hours; DELETE FROM device_hours_due; DELETE FROM device_latest;
            UPDATE device_hours_swept SET through = '{through:O}';
            """);
        if (state == "due")
        {
            await ExecuteAsync("INSERT INTO device_hours_due SELECT DISTINCT device_key, date_trunc('hour', fix_time, 'GMT') FROM positions");
        }
        else if (state != "not swept")
        {
            await InsertHoursAsync();
        }

        if (state == "mixed")
        {
            await ExecuteAsync("""
                INSERT INTO device_hours_due SELECT device_key, hour FROM device_hours WHERE (device_key + extract(hour FROM hour)) % 3 = 0;
                DELETE FROM device_hours h USING device_hours_due d
                WHERE h.device_key = d.device_key AND h.hour = d.hour AND h.device_key % 2 = 0;
                INSERT INTO device_latest SELECT DISTINCT ON (device_key) * FROM positions ORDER BY device_key, fix_time DESC
                """);
        }
        else if (state == "stale rows that are due")
        {
            await ExecuteAsync("""
                INSERT INTO device_hours_due SELECT device_key, hour FROM device_hours;
                UPDATE device_hours SET south = 0, north = 0, west = 0, east = 0, positions = 7
                """);
        }
    }

    // As the roll-up does it.
    private async Task InsertHoursAsync()
    {
        await using var read = database.DataSource.CreateCommand(
            "SELECT device_key, date_trunc('hour', fix_time, 'GMT'), lat, lng, fix_time FROM positions ORDER BY 1, fix_time");
        var hours = new Dictionary<(int, DateTimeOffset), RouteSummary>();
        await using (var reader = await read.ExecuteReaderAsync(Token))
        {
            while (await reader.ReadAsync(Token))
            {
                var key = (reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1));
                hours.TryAdd(key, new RouteSummary());
                hours[key].Add(new(reader.GetDouble(2), reader.GetDouble(3), reader.GetFieldValue<DateTimeOffset>(4)));
            }
        }

        var rows = hours.Select(h => string.Create(CultureInfo.InvariantCulture, $"""
            ({h.Key.Item1}, '{h.Key.Item2:O}', {h.Value.Positions}, '{h.Value.FirstFixTime:O}', '{h.Value.LastFixTime:O}', 0, 0,
            {h.Value.Box!.Value.South:R}, {h.Value.Box.Value.North:R}, {h.Value.Box.Value.West:R}, {h.Value.Box.Value.East:R})
            """));
        await ExecuteAsync($"""
            INSERT INTO device_hours (device_key, hour, positions, first_fix_time, last_fix_time, distance_m, moving_s, south, north, west, east)
            VALUES {string.Join(",", rows)}
            """);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }
}
