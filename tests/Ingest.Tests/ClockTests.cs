using ArtMqtt.Contracts.Positions;
using ArtMqtt.TestKit;

namespace ArtMqtt.Ingest.Tests;

/// <summary>Clocks that jump: positions are stored all the same, and the sums of the hours come out right.</summary>
public sealed class ClockTests(TimescaleServer server) : IAsyncLifetime
{
    private readonly SetClock _clock = new();
    private readonly TestSpool _spool = new();
    private Administrator _administrator = null!;
    private IngestNode _node = null!;
    private DateTimeOffset _hour;

    public async ValueTask InitializeAsync()
    {
        var connectionString = await server.CreateDatabaseAsync();
        _administrator = new Administrator(connectionString);
        _node = new IngestNode(connectionString, _spool, _clock, ("Ingest:Rollups:Interval", "00:00:00.100"));
        await _node.StartAsync();
        _spool.Append(IngestNode.Publish(device: 9, from: 0));
        await _node.StoredAsync(1);
        _hour = new DateTimeOffset(
            await _administrator.AskAsync<DateTime>("SELECT through FROM device_hours_swept"), TimeSpan.Zero);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Hours_are_summed_up_that_a_clock_ahead_took_for_over()
    {
        _clock.Ahead = TimeSpan.FromHours(6);
        await SweptAsync(_hour.AddHours(5));

        // Set right again, the hours until there come once more, with positions.
        _clock.Ahead = TimeSpan.Zero;
        await StoreAsync(device: 1, _hour, count: 10);
        await StoreAsync(device: 1, _hour.AddHours(3), count: 20);

        _clock.Ahead = TimeSpan.FromHours(6);
        await SummedUpAsync(device: 1, _hour, count: 10);
        await SummedUpAsync(device: 1, _hour.AddHours(3), count: 20);
    }

    [Fact]
    public async Task Hours_are_summed_up_again_for_positions_that_came_while_the_clock_was_behind()
    {
        await StoreAsync(device: 1, _hour, count: 10);
        _clock.Ahead = TimeSpan.FromHours(3);
        await SummedUpAsync(device: 1, _hour, count: 10);

        _clock.Ahead = TimeSpan.FromHours(-5);
        await StoreAsync(device: 1, _hour.AddMinutes(5), count: 10);

        _clock.Ahead = TimeSpan.FromHours(3);
        await SummedUpAsync(device: 1, _hour, count: 20);
    }

    [Fact]
    public async Task Ingest_waits_as_long_as_ever_and_loses_nothing_while_the_clock_jumps()
    {
        var random = new Random(1);
        for (var i = 0; i < 50; i++)
        {
            // Ours and the devices'.
            _clock.Ahead = TimeSpan.FromHours(random.Next(-48, 48));
            await StoreAsync(device: 2, _hour.AddHours(random.Next(-20, 20)).AddSeconds(i), count: 1);
            if (i == 25)
            {
                await _administrator.TerminateAsync(_administrator.Database);
            }
        }

        Assert.Equal(50, await _administrator.AskAsync<long>("SELECT count(*) FROM positions WHERE device_key = 2"));
        Assert.All(_node.Measured.Of("artmqtt.ingest.lag"), lag => Assert.InRange(lag, 0, double.MaxValue));
        Assert.InRange(_node.Measured.Gauge("artmqtt.ingest.write.age"), 0, 60);
        _clock.Ahead = TimeSpan.FromHours(30);
        await Eventually.TrueAsync(
            async () => await _administrator.AskAsync<long>(
                "SELECT coalesce(sum(positions), 0) FROM device_hours WHERE device_key = 2") == 50,
            TestContext.Current.CancellationToken);
    }

    private Task StoreAsync(int device, DateTimeOffset from, int count) => _node.StoredAsync(
        _spool.Append(new ReceivedPositions(
            device, $"truck-{device}", PositionRole.Device, null, _clock.GetUtcNow(),
            [.. Enumerable.Range(0, count).Select(
                i => new ReceivedPosition(new Position(48.1, 11.5, from.AddSeconds(i)), false))])));

    private Task SweptAsync(DateTimeOffset through) => Eventually.TrueAsync(
        () => _administrator.AskAsync<bool>($"SELECT through >= '{through:u}' FROM device_hours_swept"),
        TestContext.Current.CancellationToken);

    private Task SummedUpAsync(int device, DateTimeOffset hour, int count) => Eventually.TrueAsync(
        () => _administrator.AskAsync<bool>($"""
            SELECT EXISTS (SELECT FROM device_hours
            WHERE device_key = {device} AND hour = '{hour:u}' AND positions = {count})
            """),
        TestContext.Current.CancellationToken);
}
