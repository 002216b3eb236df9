using System.Text;
using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Intake;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live.Fleet;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.Broker.Tests.Intake;

public sealed class PositionIntakeTests : IAsyncDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(_now);
    private readonly FakeFleet _fleet = new();
    private readonly GatedSpool _spool = new();
    private readonly FleetPlaces _places = new();
    private readonly PositionIntake _intake;

    public PositionIntakeTests()
    {
        var options = Options.Create(new BrokerOptions { MaxPositionsPerPayload = 3, DeadLettersPerMinute = 1 });
        var metrics = new ServiceCollection().AddMetrics().AddSingleton<BrokerMetrics>().BuildServiceProvider()
            .GetRequiredService<BrokerMetrics>();
        var gate = new SpoolGate(_spool, options, _time, metrics, NullLogger<SpoolGate>.Instance);
        _intake = new PositionIntake(
            new TopicPolicy(_fleet), new Denials(metrics, _time, NullLogger<Denials>.Instance), gate,
            new DeadLetterBudget(options, _time), _places, metrics, options, _time);
        _fleet.AddDevice("truck-1");
    }

    public ValueTask DisposeAsync() => _spool.DisposeAsync();

    [Fact]
    public async Task The_fleet_is_where_its_devices_were_last()
    {
        await TakeAsync($"[{At(1, -30)},{At(2, -10)},{At(3, 3600)}]");
        await TakeAsync(At(4, -20));

        var place = Assert.Single(_places.Since(0));
        Assert.Equal((_fleet.FindDevice("truck-1")!.Key, 2d), (place.DeviceKey, place.Position.Latitude));
    }

    [Fact]
    public async Task Shows_the_newest_believable_position_of_a_payload_live()
    {
        var (request, _) = _fleet.AddRequest("truck-1");

        var result = await TakeAsync($"[{At(1, -30)},{At(2, -10)},{At(3, 3600)}]");

        Assert.Equal((IntakeCode.Accepted, request.RequestId, 2d), (result.Code, result.RequestId, result.Live!.Lat));
        var received = Assert.Single(_spool.Received);
        Assert.Equal([1d, 2d, 3d], received.Positions.Select(p => p.Position.Latitude));
        Assert.Equal([false, false, true], received.Positions.Select(p => p.IsClockSuspect));
        Assert.Equal((_now, PositionRole.Operator), (received.ReceivedAt, received.Role));
    }

    [Fact]
    public async Task Shows_nothing_live_without_a_request_or_before_it_shows_its_operator()
    {
        Assert.Null((await TakeAsync(At(1, 0))).Live);

        _fleet.AddRequest("truck-1", RequestStatus.Pending);
        Assert.Null((await TakeAsync(At(1, 0))).Live);
    }

    [Fact]
    public async Task What_the_device_did_before_its_assignment_is_kept_but_not_the_requests()
    {
        var (request, _) = _fleet.AddRequest("truck-1", assignedAt: _now.AddMinutes(-10));

        var result = await TakeAsync($"[{At(1, -7200)},{At(2, -601)},{At(3, -5)}]");

        Assert.Equal((IntakeCode.Accepted, 3d), (result.Code, result.Live!.Lat));
        Assert.Equal(2, _spool.Received.Count);
        var (before, within) = (_spool.Received[0], _spool.Received[1]);
        Assert.Equal((PositionRole.Device, null, 1d),
            (before.Role, before.RequestId, Assert.Single(before.Positions).Position.Latitude));
        // A second before the assignment is within the slack for clocks that are slow.
        Assert.Equal((PositionRole.Operator, (Guid?)request.RequestId), (within.Role, within.RequestId));
        Assert.Equal([2d, 3d], within.Positions.Select(p => p.Position.Latitude));
    }

    [Fact]
    public async Task A_backlog_from_before_the_assignment_is_not_shown_live()
    {
        _fleet.AddRequest("truck-1", assignedAt: _now);

        var result = await TakeAsync(At(1, -3600));

        Assert.Equal((IntakeCode.Accepted, null), (result.Code, result.Live));
        Assert.Null(Assert.Single(_spool.Received).RequestId);
    }

    [Fact]
    public async Task Shows_the_customer_in_their_own_request()
    {
        var (request, _) = _fleet.AddRequest(null, RequestStatus.Pending);
        var publish = new PositionPublish(
            ClientIdentity.Customer(request.RequestId), $"art/requests/{request.RequestId:D}/customer/position", null,
            Encoding.UTF8.GetBytes(At(5, 0)));

        var result = await _intake.TakeAsync(publish, TestContext.Current.CancellationToken);

        Assert.Equal((PositionRole.Customer, 5d), (result.Live!.Role, result.Live.Lat));
        Assert.Equal((request.CustomerKey, "customer", request.RequestId),
            (_spool.Received[0].DeviceKey, _spool.Received[0].DeviceId, _spool.Received[0].RequestId));
    }

    [Theory]
    [InlineData("", "position_malformed")]
    [InlineData("{}", "position_field_missing")]
    [InlineData("""{"lat":91,"lng":0,"timestamp":0}""", "position_field_out_of_range")]
    [InlineData("[{},{},{},{}]", "position_field_missing")]
    [InlineData("[4]", "position_malformed")]
    public async Task Bad_payloads_are_refused_and_kept_with_the_reason(string payload, string code)
    {
        var result = await TakeAsync(payload);

        Assert.Equal(IntakeCode.PayloadInvalid, result.Code);
        Assert.NotNull(result.Detail);
        Assert.Equal(code, Assert.Single(_spool.Letters).Code);
        Assert.Empty(_spool.Received);
    }

    [Fact]
    public async Task Keeps_a_limited_number_of_bad_payloads_per_minute()
    {
        await TakeAsync("x");
        await TakeAsync("x");
        Assert.Single(_spool.Letters);

        _time.Advance(TimeSpan.FromMinutes(1));
        await TakeAsync("x");
        Assert.Equal(2, _spool.Letters.Count);
    }

    [Fact]
    public async Task A_dead_letter_that_cannot_be_kept_is_not_answered_as_if_it_were()
    {
        _spool.IsFailing = true;

        Assert.Equal(IntakeCode.Unavailable, (await TakeAsync("x")).Code);
    }

    [Fact]
    public async Task A_spool_that_takes_nothing_is_unavailable_after_the_time_limit()
    {
        _spool.IsClosed = true;

        var result = TakeAsync(At(1, 0));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(result.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(IntakeCode.Unavailable, (await result).Code);
        Assert.Empty(_spool.Received);
    }

    private Task<IntakeResult> TakeAsync(string payload)
    {
        var publish = new PositionPublish(
            ClientIdentity.Device("truck-1"), "art/devices/truck-1/position", null, Encoding.UTF8.GetBytes(payload));
        return _intake.TakeAsync(publish, TestContext.Current.CancellationToken).AsTask();
    }

    private static string At(double lat, double seconds) =>
        $$"""{"lat":{{lat}},"lng":0,"timestamp":{{_now.AddSeconds(seconds).ToUnixTimeMilliseconds()}}}""";
}
