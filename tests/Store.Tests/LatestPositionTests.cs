using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Store.Tests;

public sealed class LatestPositionTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly DateTimeOffset _start = new(2026, 3, 1, 10, 59, 58, TimeSpan.Zero);
    private static int _keys = 5000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly int _device = Interlocked.Increment(ref _keys);

    [Fact]
    public async Task The_newest_position_of_a_device_never_moves_backwards()
    {
        await database.WriteAsync([Publish(5, latitude: 5), Publish(7, latitude: 7), Publish(6, latitude: 6)], Token);
        Assert.Equal(7, await LatitudeAsync());

        await database.WriteAsync([Publish(3, latitude: 3)], Token);
        Assert.Equal(7, await LatitudeAsync());

        await database.WriteAsync([Publish(8, latitude: 8)], Token);
        Assert.Equal(8, await LatitudeAsync());
    }

    [Fact]
    public async Task It_is_right_when_only_a_part_of_a_batch_is_new()
    {
        await database.WriteAsync([Publish(1, latitude: 1)], Token);

        await database.WriteAsync([Publish(1, latitude: 1), Publish(2, latitude: 2)], Token);

        Assert.Equal(2, await LatitudeAsync());
    }

    [Fact]
    public async Task It_has_every_value()
    {
        var request = Guid.CreateVersion7();
        var position = new Position(1.5, 2.5, _start)
        {
            Speed = 3,
            Heading = 4,
            Accuracy = 5,
            Altitude = 6,
            Battery = 7,
            Sequence = uint.MaxValue,
        };
        var received = Publish(0) with
        {
            Role = PositionRole.Operator,
            RequestId = request,
            Positions = [new ReceivedPosition(position, false)],
        };

        await database.WriteAsync([received], Token);

        Assert.Equal(1, await database.QueryAsync<long>($"""
            SELECT count(*) FROM (SELECT * FROM positions INTERSECT SELECT * FROM device_latest) same
            WHERE device_key = {_device} AND request_id = '{request}' AND seq = {uint.MaxValue}
            """));
    }

    [Fact]
    public async Task An_impossible_clock_and_a_customer_do_not_count()
    {
        var customer = Publish(0) with { Role = PositionRole.Customer };
        var suspect = Publish(0) with
        {
            Positions = [new ReceivedPosition(new Position(1, 2, _start.AddYears(10)), IsClockSuspect: true)],
        };

        await database.WriteAsync([customer, suspect], Token);

        Assert.Equal(0, await database.QueryAsync<long>(
            $"SELECT count(*) FROM device_latest WHERE device_key = {_device}"));
        Assert.Equal(0, await database.QueryAsync<long>(
            $"SELECT count(*) FROM device_hours_due WHERE device_key = {_device}"));
    }

    [Fact]
    public async Task A_late_position_makes_its_hour_due()
    {
        await database.WriteAsync([Publish(0), Publish(1), Publish(3)], Token);
        await database.WriteAsync([Publish(0), Publish(4)], Token);

        Assert.Equal("10:00,11:00", await database.QueryAsync<string>($"""
            SELECT string_agg(to_char(hour AT TIME ZONE 'GMT', 'HH24:MI'), ',' ORDER BY hour)
            FROM device_hours_due WHERE device_key = {_device}
            """));
    }

    [Fact]
    public async Task A_position_of_the_hour_that_is_not_over_makes_nothing_due()
    {
        var now = TimeProvider.System.GetUtcNow();
        await database.WriteAsync(
            [Publish(0) with { Positions = [new ReceivedPosition(new Position(1, 2, now.AddMinutes(61)), false)] }], Token);

        Assert.Equal(0, await database.QueryAsync<long>(
            $"SELECT count(*) FROM device_hours_due WHERE device_key = {_device}"));
    }

    private ReceivedPositions Publish(int second, double latitude = 48.1) => new(
        _device, "truck", PositionRole.Device, null, _start,
        [new ReceivedPosition(new Position(latitude, 11.5, _start.AddSeconds(second)), false)]);

    private Task<double> LatitudeAsync() =>
        database.QueryAsync<double>($"SELECT lat FROM device_latest WHERE device_key = {_device}");
}
