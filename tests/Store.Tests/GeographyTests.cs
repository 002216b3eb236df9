using ArtMqtt.TestKit;
using Npgsql;

namespace ArtMqtt.Store.Tests;

/// <summary>The views with types of PostGIS; skipped where the server has no PostGIS.</summary>
public sealed class GeographyTests(StoreDatabase database, TimescaleServer server) : IClassFixture<StoreDatabase>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_PostGIS_there_are_no_geography_views_and_analysts_have_the_others()
    {
        using var login = new AnalystLogin(database.DataSource);
        await login.PrepareAsync();

        Assert.Empty(login.Log);
        Assert.True(await database.QueryAsync<bool>("SELECT to_regclass('routes_geography') IS NULL"));
    }

    [Theory]
    [InlineData("public")]
    [InlineData("postgis")]
    public async Task With_PostGIS_places_and_lines_are_geographies(string schema)
    {
        var isAvailable = await database.QueryAsync<bool>(
            "SELECT EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'postgis')");
        Assert.SkipUnless(isAvailable, "This PostgreSQL has no PostGIS.");
        await using var own = new StoreDatabase(server);
        await own.InitializeAsync();
        using var login = new AnalystLogin(own.DataSource);
        await login.PrepareAsync();

        // It comes later, and so do the views.
        await using var install = own.DataSource.CreateCommand($"""
            CREATE SCHEMA IF NOT EXISTS {schema};
            CREATE EXTENSION postgis SCHEMA {schema};
            GRANT USAGE ON SCHEMA {schema} TO PUBLIC
            """);
        await install.ExecuteNonQueryAsync(Token);
        await FillAsync(own.DataSource);
        await login.PrepareAsync();
        await login.PrepareAsync();

        Assert.Empty(login.Log);
        await using var analyst = login.Connect();
        Assert.Equal("POINT(11 48)", await AskAsync("SELECT ST_AsText(place) FROM routes_geography ORDER BY fix_time"));
        Assert.Equal("POINT(11 48.02)", await AskAsync("SELECT ST_AsText(place) FROM stops_geography"));
        Assert.Equal("LINESTRING(11 48,11 48.01,11 48.02)", await AskAsync("SELECT ST_AsText(line) FROM trips_geography"));
        Assert.Equal("POINT(11 48) POINT(11 48.02) 2224", await AskAsync("""
            SELECT concat_ws(' ', ST_AsText(start_place), ST_AsText(end_place), round(ST_Length(line))) FROM trips_geography
            """));
        await AskAsync(DocumentedQueries.Read().Single(sql => sql.Contains("_geography", StringComparison.Ordinal)));
        Assert.Equal(0L, await AnalystLogin.AskAsync(own.DataSource, """
            SELECT count(*) FROM pg_attribute WHERE attnum > 0 AND col_description(attrelid, attnum) IS NULL
                AND attrelid IN ('routes_geography'::regclass, 'trips_geography'::regclass, 'stops_geography'::regclass)
            """));

        Task<object?> AskAsync(string sql) =>
            AnalystLogin.AskAsync(analyst, $"SET search_path = public, {schema}; {sql}");
    }

    private static async Task FillAsync(NpgsqlDataSource dataSource)
    {
        await using var command = dataSource.CreateCommand("""
            INSERT INTO devices (device_key, device_id, secret_hash) VALUES (7, 'truck', '\x00');
            INSERT INTO positions (device_key, fix_time, received_at, role, lat, lng)
            SELECT 7, '2026-01-01Z'::timestamptz + i * interval '1 minute', now(), 0, 48 + i / 100.0, 11
            FROM generate_series(0, 2) i;
            INSERT INTO device_trips (
                device_key, start_time, end_time, start_lat, start_lng, end_lat, end_lng, distance_m, moving_s)
            VALUES (7, '2026-01-01 00:00Z', '2026-01-01 00:02Z', 48, 11, 48.02, 11, 2224, 120);
            INSERT INTO device_stops (device_key, start_time, end_time, lat, lng)
            VALUES (7, '2026-01-01 00:02Z', '2026-01-01 01:00Z', 48.02, 11)
            """);
        await command.ExecuteNonQueryAsync(Token);
    }
}
