using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Publishing;
using ArtMqtt.Spool;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.DeviceAgent.Tests.Publishing;

public sealed class PositionPublisherTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(PositionFormat.Protobuf, PositionCodec.ProtobufContentType)]
    [InlineData(PositionFormat.Json, PositionCodec.JsonContentType)]
    public async Task Publishes_in_order_with_the_content_type(PositionFormat format, string contentType)
    {
        using var server = await Mosquitto.StartAsync();
        using var subscriber = await Subscriber.ConnectAsync(server.Port);
        await using var spool = new MemorySpool(new SpoolOptions());
        await using var publisher = Create(server.Port, spool, format);

        await PublishAsync(publisher, 0, 500);

        Assert.True(await publisher.DrainAsync(_limit));
        await WaitAsync(() => subscriber.Received.Count >= 500);
        Assert.Equal(Enumerable.Range(0, 500).Select(At), subscriber.Received.Select(r => r.Position.FixTime));
        Assert.All(subscriber.Received, r => Assert.Equal(contentType, r.ContentType));
        Assert.All(subscriber.Received, r => Assert.Equal(Topics.DevicePosition("truck-1"), r.Topic));
        Assert.Equal(500, publisher.Counts.Acknowledged);
        Assert.Equal(Enumerable.Range(1, 500).Select(i => (uint?)i), subscriber.Received.Select(r => r.Position.Sequence));
    }

    [Fact]
    public async Task Loses_nothing_unacknowledged_when_the_server_is_killed_again_and_again()
    {
        const int Count = 3000;
        using var server = await Mosquitto.StartAsync();
        using var folder = new TestFolder();
        await using var spool = OpenDurable(folder);
        await using var publisher = Create(server.Port, spool);
        for (var part = 0; part < 3; part++)
        {
            var publishing = PublishAsync(publisher, part * (Count / 3), Count / 3);
            var target = publisher.Counts.Acknowledged + 200;
            await WaitAsync(() => publisher.Counts.Acknowledged >= target);
            await server.KillAsync(TestContext.Current.CancellationToken);
            await publishing;
            Assert.True(publisher.Waiting > 0);
            await server.StartAgainAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(await publisher.DrainAsync(_limit));
        Assert.Equal(Count, publisher.Counts.Acknowledged);
        Assert.True(publisher.Counts.Connects >= 4);
    }

    [Fact]
    public async Task Delivers_after_a_restart_what_it_kept_while_there_was_no_server()
    {
        using var folder = new TestFolder();
        await using (var spool = OpenDurable(folder))
        await using (var publisher = Create(Ports.Free(), spool))
        {
            await PublishAsync(publisher, 0, 100);
        }

        using var server = await Mosquitto.StartAsync();
        using var subscriber = await Subscriber.ConnectAsync(server.Port);
        await using var again = OpenDurable(folder);
        await using var second = Create(server.Port, again);

        Assert.True(await second.DrainAsync(_limit));
        await WaitAsync(() => subscriber.Received.Count >= 100);
        Assert.Equal(Enumerable.Range(0, 100).Select(At), subscriber.Received.Select(r => r.Position.FixTime));
    }

    [Fact]
    public async Task Keeps_what_the_server_does_not_authorize_until_it_does()
    {
        using var server = await Mosquitto.StartAsync("acl_file /dev/null");
        await using var spool = new MemorySpool(new SpoolOptions());
        await using var publisher = Create(server.Port, spool);

        await PublishAsync(publisher, 0, 10);

        await WaitAsync(() => publisher.Counts.Retries >= 2);
        Assert.Equal(0, publisher.Counts.Acknowledged);
        Assert.Equal(10, publisher.Waiting);
        Assert.False(await publisher.DrainAsync(TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task Respects_the_receive_maximum_of_the_server()
    {
        using var server = await Mosquitto.StartAsync("max_inflight_messages 3");
        await using var spool = new MemorySpool(new SpoolOptions());
        await using var publisher = Create(server.Port, spool);

        await PublishAsync(publisher, 0, 300);

        Assert.True(await publisher.DrainAsync(_limit));
        Assert.Equal(300, publisher.Counts.Acknowledged);
        Assert.Equal(1, publisher.Counts.Connects);
    }

    [Fact]
    public async Task Gives_up_what_is_no_publish_and_goes_on()
    {
        using var server = await Mosquitto.StartAsync();
        await using var spool = new MemorySpool(new SpoolOptions());
        await spool.AppendAsync(new byte[] { 9, 9, 9 }, TestContext.Current.CancellationToken);
        await using var publisher = Create(server.Port, spool);

        await PublishAsync(publisher, 0, 1);

        Assert.True(await publisher.DrainAsync(_limit));
        Assert.Equal(1, publisher.Counts.Refused);
        Assert.Equal(1, publisher.Counts.Acknowledged);
    }

    [Fact]
    public async Task Gives_up_a_position_that_is_refused_for_good_and_tries_others_again()
    {
        // The 3rd publish is refused for good; the 5th is put off once.
        var puttingOff = 1;
        await using var server = new ScriptedServer(receiveMaximum: 4, number => number switch
        {
            3 => 0x99,
            5 when Interlocked.Exchange(ref puttingOff, 0) == 1 => 0x97,
            _ => 0x00,
        });
        await using var spool = new MemorySpool(new SpoolOptions());
        await using var publisher = Create(server.Port, spool);

        await PublishAsync(publisher, 1, 20);

        Assert.True(await publisher.DrainAsync(_limit));
        Assert.Equal(1, publisher.Counts.Refused);
        Assert.Equal(19, publisher.Counts.Acknowledged);
        Assert.Equal(2, publisher.Counts.Connects);
        Assert.Equal(Enumerable.Range(1, 20), server.Received.Distinct());
        Assert.InRange(server.MostInFlight, 1, 4);
    }

    [Fact]
    public async Task Sends_again_what_was_never_answered()
    {
        var silent = 1;
        await using var server = new ScriptedServer(receiveMaximum: 10, number =>
            number == 2 && Interlocked.Exchange(ref silent, 0) == 1 ? null : (byte)0);
        await using var spool = new MemorySpool(new SpoolOptions());
        await using var publisher = Create(server.Port, spool);

        await PublishAsync(publisher, 1, 5);

        Assert.True(await publisher.DrainAsync(_limit));
        Assert.Equal(5, publisher.Counts.Acknowledged);
        Assert.Equal(2, server.Received.Count(number => number == 2));
    }

    [Fact]
    public async Task Sends_the_newest_first_and_the_backlog_in_batches_and_each_once()
    {
        const int Count = 1234;
        using var folder = new TestFolder();
        await using (var before = OpenDurable(folder))
        await using (var offline = Create(Ports.Free(), before, newestFirst: true))
        {
            await PublishAsync(offline, 0, Count);
        }

        using var server = await Mosquitto.StartAsync();
        using var subscriber = await Subscriber.ConnectAsync(server.Port);
        await using var spool = OpenDurable(folder);
        await using var publisher = Create(server.Port, spool, newestFirst: true);

        Assert.True(await publisher.DrainAsync(_limit));
        await WaitAsync(() => subscriber.Received.Count >= Count);
        var times = subscriber.Received.Select(r => r.Position.FixTime).ToList();
        Assert.Equal(At(Count - 1), times[0]);
        Assert.Equal(Enumerable.Range(0, Count - 1).Select(At), times.Skip(1));
        Assert.Equal(1 + 13, publisher.Counts.Sent);
        Assert.Equal(Count, publisher.Counts.Acknowledged);
    }

    [Fact]
    public async Task What_is_taken_while_a_backlog_is_sent_overtakes_it()
    {
        await using var spool = new MemorySpool(new SpoolOptions());
        using var server = await Mosquitto.StartAsync();
        using var subscriber = await Subscriber.ConnectAsync(server.Port);
        await using (var offline = Create(Ports.Free(), spool, newestFirst: true))
        {
            await PublishAsync(offline, 0, 20_000);
        }

        await using var publisher = Create(server.Port, spool, newestFirst: true);
        await WaitAsync(() => publisher.Counts.Acknowledged >= 200);

        await PublishAsync(publisher, 20_000, 1);

        Assert.True(await publisher.DrainAsync(_limit));
        await WaitAsync(() => subscriber.Received.Count >= 20_001);
        var times = subscriber.Received.Select(r => r.Position.FixTime).ToList();
        Assert.InRange(times.IndexOf(At(20_000)), 1, 19_000);
        Assert.Equal(Enumerable.Range(0, 20_001).Select(At), times.Order());
    }

    [Fact]
    public async Task Loses_nothing_when_the_server_is_killed_under_a_backlog()
    {
        const int Count = 20_000;
        using var server = await Mosquitto.StartAsync();
        using var folder = new TestFolder();
        await using var spool = OpenDurable(folder);
        await using (var offline = Create(Ports.Free(), spool, newestFirst: true))
        {
            await Task.WhenAll(Enumerable.Range(0, Count).Select(
                i => offline.PublishAsync(PositionOf(i), TestContext.Current.CancellationToken).AsTask()));
        }

        var received = new HashSet<DateTimeOffset>();
        await using var publisher = Create(server.Port, spool, newestFirst: true);
        for (var part = 1; part <= 3; part++)
        {
            using (var subscriber = await Subscriber.ConnectAsync(server.Port))
            {
                await WaitAsync(() => publisher.Counts.Acknowledged >= part * 2000);
                await server.KillAsync(TestContext.Current.CancellationToken);
                await WaitAsync(() => subscriber.IsLost);
                received.UnionWith(subscriber.Received.Select(r => r.Position.FixTime));
            }

            await server.StartAgainAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(await publisher.DrainAsync(_limit));
        Assert.Equal(Count, publisher.Counts.Acknowledged);
        Assert.Equal(0, publisher.Waiting);
        Assert.True(received.Count > 2000);
    }

    [Fact]
    public async Task One_bad_position_takes_no_other_of_its_batch_with_it()
    {
        await using var server = new ScriptedServer(receiveMaximum: 10, number => number == 7 ? (byte)0x99 : (byte)0);
        await using var spool = new MemorySpool(new SpoolOptions());
        await using (var offline = Create(Ports.Free(), spool, newestFirst: true))
        {
            await PublishAsync(offline, 1, 50);
        }

        await using var publisher = Create(server.Port, spool, newestFirst: true);

        Assert.True(await publisher.DrainAsync(_limit));
        Assert.Equal(1, publisher.Counts.Refused);
        Assert.Equal(49, publisher.Counts.Acknowledged);
    }

    [Fact]
    public async Task A_full_spool_gives_up_its_oldest_when_told_to()
    {
        await using var spool = new MemorySpool(new SpoolOptions { CapacityBytes = 1 << 20 });
        await using var offline = Create(Ports.Free(), spool, newestFirst: true);

        await PublishAsync(offline, 0, 20_000);

        Assert.True(offline.Counts.Dropped > 0);
        Assert.Equal(20_000, offline.Counts.Dropped + offline.Waiting);
        var oldest = await spool.ReadAsync(spool.Acknowledged, 1, TestContext.Current.CancellationToken);
        Assert.Equal(offline.Counts.Dropped + 1, oldest.First);
    }

    [Fact]
    public async Task A_full_spool_keeps_its_oldest_when_told_to()
    {
        await using var spool = new MemorySpool(new SpoolOptions { CapacityBytes = 1 << 20 });
        await using var offline = Create(
            Ports.Free(), spool, newestFirst: true, change: o => o with { WhenFull = SpoolPolicy.DropNewest });

        await PublishAsync(offline, 0, 20_000);

        Assert.Equal(20_000, offline.Counts.Dropped + offline.Waiting);
        Assert.Equal(offline.Waiting, offline.Counts.Kept);
        Assert.True(offline.Counts.Dropped > 0);
        var oldest = await spool.ReadAsync(0, 1, TestContext.Current.CancellationToken);
        Assert.Equal(1, oldest.First);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_too_old_is_given_up_and_counted(bool isOffline)
    {
        using var server = await Mosquitto.StartAsync();
        using var subscriber = await Subscriber.ConnectAsync(server.Port);
        var now = TimeProvider.System.GetUtcNow();
        await using var spool = new MemorySpool(new SpoolOptions());
        await using (var offline = Create(Ports.Free(), spool))
        {
            foreach (var hours in Enumerable.Range(0, 48).Reverse())
            {
                await offline.PublishAsync(
                    new Position(0, 0, now.AddHours(-hours - 0.5)), TestContext.Current.CancellationToken);
            }
        }

        await using var publisher = Create(
            isOffline ? Ports.Free() : server.Port, spool, newestFirst: true,
            change: o => o with { MaxAge = TimeSpan.FromDays(1) });
        await WaitAsync(() => publisher.Waiting == (isOffline ? 24 : 0));

        Assert.Equal(24, publisher.Counts.Expired);
        await WaitAsync(() => subscriber.Received.Count >= (isOffline ? 0 : 24));
        Assert.All(subscriber.Received, r => Assert.True(r.Position.FixTime >= now.AddDays(-1)));
    }

    [Fact]
    public async Task Keeps_all_and_sends_it_together_as_often_as_wished()
    {
        using var server = await Mosquitto.StartAsync();
        using var subscriber = await Subscriber.ConnectAsync(server.Port);
        await using var spool = new MemorySpool(new SpoolOptions());
        await using var publisher = Create(server.Port, spool, newestFirst: true);
        publisher.Pace.Change(TimeSpan.FromHours(1));
        await PublishAsync(publisher, 0, 1);
        await WaitAsync(() => publisher.Waiting == 0);

        // An hour has not passed: they wait.
        await PublishAsync(publisher, 1, 50);
        Assert.Equal(50, publisher.Waiting);
        Assert.Equal(1, publisher.Counts.Sent);

        // Somebody watches.
        publisher.Pace.Change(TimeSpan.FromMilliseconds(1));
        await WaitAsync(() => publisher.Waiting == 0);
        await WaitAsync(() => subscriber.Received.Count >= 51);

        // One publish for all, or a few: what was read while they came in goes as it was read.
        Assert.InRange(publisher.Counts.Sent, 2, 6);
        Assert.Equal(Enumerable.Range(0, 51).Select(At), subscriber.Received.Select(r => r.Position.FixTime).Order());
    }

    private static DateTimeOffset At(int number) => _start.AddSeconds(number);

    private static Position PositionOf(int number) => new(number * 1e-5, 0, At(number));

    private static DurableSpool OpenDurable(TestFolder folder) => DurableSpool.Open(
        new SpoolOptions { Folder = folder.Path }, TimeProvider.System, NullLogger<DurableSpool>.Instance);

    private static PositionPublisher Create(
        int port, ISpool spool, PositionFormat format = PositionFormat.Protobuf, bool newestFirst = false,
        Func<PublisherOptions, PublisherOptions>? change = null)
    {
        var options = new PublisherOptions
        {
            Servers = [new ServerEndpoint(ServerScheme.Mqtt, "127.0.0.1", port)],
            DeviceId = "truck-1",
            Credentials = new DeviceCredentials { Secret = "secret" },
            Topic = Topics.DevicePosition("truck-1"),
            Format = format,
            NewestFirst = newestFirst,
            WhenFull = newestFirst ? SpoolPolicy.DropOldest : SpoolPolicy.Wait,
            BatchSize = newestFirst ? 100 : 1,
            FirstDelay = TimeSpan.FromMilliseconds(10),
            AnswerTimeout = TimeSpan.FromSeconds(2),
            LongestDelay = TimeSpan.FromMilliseconds(100),
        };
        return new PositionPublisher(
            change?.Invoke(options) ?? options, spool, TimeProvider.System, new Random(1),
            NullLogger<PositionPublisher>.Instance);
    }

    private static async Task PublishAsync(PositionPublisher publisher, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            await publisher.PublishAsync(PositionOf(i), TestContext.Current.CancellationToken);
        }
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
