using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using ArtMqtt.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>
/// Exports longer than any buffer: what they cost, and what becomes of them when something fails. Alone, because others
/// would allocate beside them.
/// </summary>
[Collection(nameof(ExportStreamTests))]
[CollectionDefinition(nameof(ExportStreamTests), DisableParallelization = true)]
public sealed class ExportStreamTests(ExportStreamTests.LongRoute route) : IClassFixture<ExportStreamTests.LongRoute>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("geojson", 50_000_000)]
    [InlineData("gpx", 50_000_000)]
    [InlineData("csv", 30_000_000)]
    [InlineData("parquet", 10_000_000)]
    [InlineData("mfjson", 30_000_000)]
    [InlineData("kml", 50_000_000)]
    public async Task Memory_does_not_grow_with_the_file(string format, long leastBytes)
    {
        using var client = route.CreateClient(route.Dispatcher.ToString());
        // A shorter one before, for what stays: pools, the code itself.
        await ReadAsync(client, $"{route.Part(50_000)}&format={format}", _ => { });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;
        var bytes = await ReadAsync(
            client, $"{route.Path}&format={format}", _ => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true)));
        Assert.InRange(bytes, leastBytes, long.MaxValue);
        Assert.InRange(most - before, long.MinValue, 24 << 20);
    }

    [Fact]
    public async Task Row_groups_are_bounded()
    {
        using var files = new ExportFiles(route);
        var file = await files.GetAsync($"{route.Path}&format=parquet");
        Assert.Equal(
            Enumerable.Repeat(new object?[] { 50_000L }, LongRoute.Count / 50_000),
            DuckDb.Read($"SELECT DISTINCT ON (row_group_id) row_group_num_rows FROM parquet_metadata('{file}')"));
        Assert.Equal(
            [[(long)LongRoute.Count, (long)LongRoute.Count, LongRoute.First.UtcDateTime, LongRoute.Last.UtcDateTime]],
            DuckDb.Read($"SELECT count(*), count(DISTINCT fix_time), min(fix_time), max(fix_time) FROM '{file}'"));
        Assert.Equal("ZSTD", DuckDb.ReadOne<string>($"SELECT DISTINCT compression FROM parquet_metadata('{file}')"));
    }

    [Fact]
    public async Task A_long_line_of_kml_is_one_of_connected_tracks()
    {
        using var files = new ExportFiles(route);
        var file = await files.GetAsync($"{route.Part(12_000)}&format=kml");
        var ogr = await ExportFiles.RunAsync("ogrinfo", "-ro", "-al", "-geom=SUMMARY", file);
        Assert.Contains("Feature Count: 1", ogr, StringComparison.Ordinal);
        Assert.Contains("3 geometries", ogr, StringComparison.Ordinal);
        var csv = await ExportFiles.RunAsync("gpsbabel", "-t", "-i", "kml", "-f", file, "-o", "unicsv,utc=0", "-F", "-");
        Assert.Equal(12_000, csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1);
    }

    [Fact]
    public async Task A_long_line_of_moving_features_is_several()
    {
        using var files = new ExportFiles(route);
        var file = await files.GetAsync($"{route.Part(12_000)}&format=mfjson");
        Assert.Equal(
            [[5_000L, 5_000L], [5_000L, 5_000L], [2_000L, 2_000L]],
            DuckDb.Read(
                "SELECT len(f.temporalGeometry.datetimes), len(f.temporalProperties[1].speed.values) "
                + $"FROM (SELECT unnest(features) f FROM read_json('{file}'))"));
    }

    [Fact]
    public async Task The_database_waits_for_a_slow_reader()
    {
        await using var slow = await SlowReader.StartAsync(route, "csv");
        // It has its first bytes, and PostgreSQL cannot get rid of the others.
        await route.WaitUntilStalledAsync();
        Assert.Equal(LongRoute.Count, await slow.ReadLinesAsync() - 1);
    }

    [Theory]
    [InlineData("geojson")]
    [InlineData("gpx")]
    [InlineData("csv")]
    [InlineData("parquet")]
    [InlineData("mfjson")]
    [InlineData("kml")]
    public async Task A_fault_on_the_way_breaks_the_transfer(string format)
    {
        await using var slow = await SlowReader.StartAsync(route, format);
        var backend = await route.WaitUntilStalledAsync();
        await route.ExecuteAsync($"SELECT pg_terminate_backend({backend})");
        await Assert.ThrowsAnyAsync<IOException>(slow.ReadLinesAsync);
    }

    [Fact]
    public async Task Who_goes_away_ends_the_reading()
    {
        using var traffic = new DatabaseTraffic();
        using (var client = route.CreateClient(route.Dispatcher.ToString()))
        {
            await ReadAsync(client, $"{route.Path}&format=csv", _ => { });
        }

        var (whole, errors) = (traffic.BytesRead, CountErrors());
        await using (await SlowReader.StartAsync(route, "csv"))
        {
            await route.WaitUntilStalledAsync();
        }

        await Eventually.TrueAsync(async () => await route.FindExportsAsync() == 0, Token);
        Assert.InRange(traffic.BytesRead - whole, 1, whole * 8 / 10);
        Assert.Equal(errors, CountErrors());
    }

    [Fact]
    public async Task Only_so_many_are_made_at_the_same_time()
    {
        await using var small = await route.StartAnotherAsync(("Gateway:Exports:MaxConcurrent", "1"));
        await using (await SlowReader.StartAsync(small, "csv", route.Path))
        {
            await route.WaitUntilStalledAsync();
            var refused = await small.CallAsync("GET", $"/api/{route.Path}");
            Assert.Equal((429, "too_many_exports"), (refused.Status, refused.Code));
        }

        await Eventually.TrueAsync(
            async () => (await small.CallAsync("GET", $"/api/{route.Part(1)}")).Status == 200, Token);
    }

    [Fact]
    public async Task What_is_stored_since_the_count_never_makes_a_shorter_file()
    {
        await using var small = await route.StartAnotherAsync(("Gateway:Exports:MaxPositions", $"{LongRoute.Count}"));
        var late = $"z{Guid.NewGuid():N}";
        Assert.Equal(201, (await small.CallAsync("POST", "/api/devices", $$"""{"deviceId":"{{late}}"}""")).Status);
        await using var slow = await SlowReader.StartAsync(
            small, "csv", $"positions/export?{LongRoute.Period}&device={route.DeviceId}&device={late}");
        await route.WaitUntilStalledAsync();
        await small.StoreAsync(late, null, Gateway.PositionAt(1));
        await Assert.ThrowsAnyAsync<IOException>(slow.ReadLinesAsync);
    }

    private int CountErrors() => route.Log.Lines.Count(line => line.Level >= LogLevel.Error);

    private static async Task<long> ReadAsync(HttpClient client, string path, Action<long> every4Megabytes)
    {
        using var response = await client.GetAsync($"/api/{path}", HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(200, (int)response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync(Token);
        var (buffer, bytes, next) = (new byte[64 * 1024], 0L, 0L);
        while (await body.ReadAsync(buffer, Token) is var length and > 0)
        {
            bytes += length;
            if (bytes >= next)
            {
                every4Megabytes(bytes);
                next = bytes + (4 << 20);
            }
        }

        return bytes;
    }

    /// <summary>Has read the first byte of an export, and no more until it is told.</summary>
    private sealed class SlowReader(HttpClient client, HttpResponseMessage response, Stream body) : IAsyncDisposable
    {
        public static Task<SlowReader> StartAsync(LongRoute route, string format) => StartAsync(route, format, route.Path);

        public static async Task<SlowReader> StartAsync(Gateway gateway, string format, string path)
        {
            // The kernel would else take tens of megabytes for a reader that does not read.
            var handler = new SocketsHttpHandler
            {
                ConnectCallback = async (context, cancellationToken) =>
                {
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 * 1024 };
                    await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            };
            var client = new HttpClient(handler) { BaseAddress = gateway.Address };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", gateway.Dispatcher.ToString());
            var response = await client.GetAsync(
                $"/api/{path}&format={format}", HttpCompletionOption.ResponseHeadersRead, Token);
            Assert.Equal(200, (int)response.StatusCode);
            var body = await response.Content.ReadAsStreamAsync(Token);
            Assert.Equal(1, await body.ReadAsync(new byte[1], Token));
            return new SlowReader(client, response, body);
        }

        /// <summary>Reads to the end; returns the lines.</summary>
        public async Task<int> ReadLinesAsync()
        {
            var (buffer, lines) = (new byte[64 * 1024], 0);
            while (await body.ReadAsync(buffer, Token) is var length and > 0)
            {
                lines += buffer.AsSpan(0, length).Count((byte)'\n');
            }

            return lines;
        }

        public async ValueTask DisposeAsync()
        {
            await body.DisposeAsync();
            response.Dispose();
            client.Dispose();
        }
    }

    /// <summary>What came from the database since this was made.</summary>
    private sealed class DatabaseTraffic : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _bytes;

        public DatabaseTraffic()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Npgsql" && instrument.Name.EndsWith("bytes_read", StringComparison.Ordinal))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, bytes, _, _) => Interlocked.Add(ref _bytes, bytes));
            _listener.Start();
        }

        public long BytesRead => Interlocked.Read(ref _bytes);

        public void Dispose() => _listener.Dispose();
    }

    /// <summary>A gateway with one device that has been everywhere.</summary>
    public sealed class LongRoute(TimescaleServer server) : Gateway(server)
    {
        public const int Count = 300_000;
        public const string Period = "from=2020-01-01T00:00:00Z&to=2020-01-31T00:00:00Z";

        private const string Exports =
            "FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%FROM positions%' "
            + "AND pid <> pg_backend_pid()";

        public static DateTimeOffset First { get; } = DateTimeOffset.UnixEpoch.AddYears(50);

        public static DateTimeOffset Last { get; } = First.AddSeconds(Count - 1);

        public string DeviceId { get; private set; } = "";

        // As with the slow reader: what waits should wait in PostgreSQL, not in the kernel.
        protected override string ConnectionOptions => ";Socket Receive Buffer Size=65536";

        public string Path => $"devices/{DeviceId}/export?{Period}";

        public string Part(int count) =>
            $"devices/{DeviceId}/export?from=2020-01-01T00:00:00Z&to={First.AddSeconds(count - 1):yyyy-MM-ddTHH:mm:ssZ}";

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            DeviceId = await CreateDeviceAsync();
            await ExecuteAsync($"""
                INSERT INTO positions (device_key, fix_time, received_at, role, lat, lng, speed, heading, altitude)
                SELECT device_key, '2020-01-01Z'::timestamptz + i * interval '1 second', now(), 0,
                    48 + random(), 11 + random(), 30 * random(), 359 * random(), 1000 * random()
                FROM devices, generate_series(0, {Count - 1}) i WHERE device_id = '{DeviceId}'
                """);
            await ExecuteAsync("ANALYZE positions");
        }

        /// <summary>Returns when PostgreSQL waits for its reader; the process id of that backend.</summary>
        public async Task<int> WaitUntilStalledAsync()
        {
            var backend = 0;
            await Eventually.TrueAsync(
                async () =>
                {
                    backend = await ReadAsync<int>($"SELECT coalesce(max(pid), 0) {Exports} AND wait_event = 'ClientWrite'");
                    return backend != 0;
                },
                Token);
            return backend;
        }

        public Task<long> FindExportsAsync() => ReadAsync<long>($"SELECT count(*) {Exports}");

        public async Task ExecuteAsync(string sql)
        {
            await using var command = Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(Token);
        }

        private async Task<T> ReadAsync<T>(string sql)
        {
            await using var command = Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
            return (T)(await command.ExecuteScalarAsync(Token))!;
        }
    }
}
