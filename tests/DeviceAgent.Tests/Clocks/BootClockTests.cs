using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Clocks;
using ArtMqtt.DeviceAgent.Publishing;
using ArtMqtt.DeviceAgent.Sources;
using ArtMqtt.DeviceAgent.Tests.Publishing;
using ArtMqtt.Spool;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.DeviceAgent.Tests.Clocks;

/// <summary>A machine without a battery for its clock, and a receiver that tells no date.</summary>
public sealed class BootClockTests
{
    private static readonly DateTimeOffset _wrong = new(1970, 1, 1, 0, 0, 7, TimeSpan.Zero);
    private static readonly DateTimeOffset _stale = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);
    private static readonly DateTimeOffset _right = new(2026, 11, 27, 10, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_taken_before_the_clock_was_set_arrives_with_its_right_time(bool isStale)
    {
        var machine = new FakeMachine("boot-1", isStale ? _stale : _wrong);
        var clock = new BootClock(machine, machine.Time);
        using var server = await Mosquitto.StartAsync();
        using var subscriber = await Subscriber.ConnectAsync(server.Port);
        await using var spool = new MemorySpool(new SpoolOptions());
        await using var publisher = Create(server.Port, spool, machine, clock);

        for (var i = 0; i < 60; i++)
        {
            Assert.True(BootClock.IsSinceBoot(clock.Now()));
            await publisher.PublishAsync(new Position(i * 1e-4, 0, clock.Now()), Token);
            machine.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0, publisher.Counts.Acknowledged);
        machine.Synchronize(_right);
        await publisher.PublishAsync(new Position(60 * 1e-4, 0, clock.Now()), Token);

        await AdvanceUntilAsync(machine, () => subscriber.Received.Count >= 61);
        var times = subscriber.Received.Select(r => r.Position.FixTime).Order().ToList();
        Assert.Equal(61, times.Count);
        Assert.All(times.Index(), pair => Assert.InRange(
            (pair.Item - _right).TotalSeconds, pair.Index - 60 - 0.01, pair.Index - 60 + 0.01));
    }

    [Fact]
    public async Task A_receiver_that_tells_the_time_sets_it_too()
    {
        var machine = new FakeMachine("boot-1", _wrong);
        var clock = new BootClock(machine, machine.Time);
        var before = clock.Now();
        machine.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(clock.IsSet);

        clock.Learn(_right);
        await clock.WaitAsync(Token);

        Assert.Equal(_right.AddSeconds(-20), clock.Correct(before));
        Assert.Equal(_right, clock.Now());
    }

    [Fact]
    public void A_receiver_that_counts_from_its_own_beginning_sets_no_clock()
    {
        var machine = new FakeMachine("boot-1", _wrong);
        var clock = new BootClock(machine, machine.Time);

        clock.Learn(new DateTimeOffset(1980, 1, 6, 0, 0, 12, TimeSpan.Zero));
        Assert.False(clock.IsSet);

        clock.Learn(_right);
        Assert.Equal(_right, clock.Now());
    }

    [Fact]
    public void What_keeps_the_clock_right_knows_it_better_than_the_receiver_did()
    {
        var machine = new FakeMachine("boot-1", _wrong);
        var clock = new BootClock(machine, machine.Time);
        clock.Learn(_right.AddYears(19));

        machine.Synchronize(_right);

        Assert.Equal(_right, clock.Now());
    }

    [Fact]
    public void A_clock_that_nobody_sets_is_believed_after_a_while_if_it_can_be_right()
    {
        var (stale, wrong) = (new FakeMachine("a", _stale), new FakeMachine("b", _wrong));
        var (possible, impossible) = (new BootClock(stale, stale.Time), new BootClock(wrong, wrong.Time));
        Assert.False(possible.IsSet);

        stale.Time.Advance(TimeSpan.FromMinutes(11));
        wrong.Time.Advance(TimeSpan.FromMinutes(11));

        Assert.True(possible.IsSet);
        Assert.False(impossible.IsSet);
    }

    [Fact]
    public async Task What_an_earlier_start_took_without_ever_knowing_the_time_is_given_up_and_counted()
    {
        await using var spool = new MemorySpool(new SpoolOptions());
        var before = new FakeMachine("boot-1", _wrong);
        var clock = new BootClock(before, before.Time);
        await using (var offline = Create(Ports.Free(), spool, before, clock))
        {
            await offline.PublishAsync(new Position(1, 1, clock.Now()), Token);
        }

        using var server = await Mosquitto.StartAsync();
        using var subscriber = await Subscriber.ConnectAsync(server.Port);
        var machine = new FakeMachine("boot-2", _right);
        machine.Synchronize(_right);
        await using var publisher = Create(server.Port, spool, machine, new BootClock(machine, machine.Time));
        await publisher.PublishAsync(new Position(2, 2, _right), Token);

        await AdvanceUntilAsync(machine, () => publisher.Waiting == 0);
        Assert.Equal(1, publisher.Counts.Expired);
        Assert.Equal(1, publisher.Counts.Acknowledged);
    }

    [Fact]
    public void A_receiver_without_date_gets_the_machines_time_when_it_has_had_its_chance()
    {
        var machine = new FakeMachine("boot-1", _right);
        machine.Synchronize(_right);
        var counts = new SourceCounts();
        var assembler = new NmeaAssembler(
            counts, allowMissingChecksum: true, new MissingTime(new BootClock(machine, machine.Time)));
        var times = new List<DateTimeOffset>();
        for (var second = 0; second < 20; second++)
        {
            assembler.Add($"$GPGGA,0000{second:00},4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,", out _);
            if (assembler.Flush(out var fix))
            {
                times.Add(fix.FixTime);
            }

            machine.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(Enumerable.Range(10, 10).Select(s => _right.AddSeconds(s)), times);
        Assert.Equal(10, counts.WithoutTime);
    }

    // The publisher waits by this machine's clock.
    private static Task AdvanceUntilAsync(FakeMachine machine, Func<bool> condition) => Eventually.TrueAsync(
        () =>
        {
            machine.Time.Advance(TimeSpan.FromMilliseconds(200));
            return condition();
        },
        Token);

    private static PositionPublisher Create(int port, ISpool spool, FakeMachine machine, BootClock clock) => new(
        new PublisherOptions
        {
            Servers = [new ServerEndpoint(ServerScheme.Mqtt, "127.0.0.1", port)],
            DeviceId = "truck-1",
            Credentials = new DeviceCredentials { Secret = "secret" },
            Topic = Topics.DevicePosition("truck-1"),
            NewestFirst = true,
            BatchSize = 100,
            FirstDelay = TimeSpan.FromMilliseconds(1),
            LongestDelay = TimeSpan.FromMilliseconds(2),
            ConnectTimeout = TimeSpan.FromDays(1),
            AnswerTimeout = TimeSpan.FromDays(1),
        },
        spool, machine.Time, new Random(1), NullLogger<PositionPublisher>.Instance, null, clock);
}
