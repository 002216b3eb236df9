using System.Collections.Concurrent;
using System.Diagnostics;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Filtering;
using ArtMqtt.DeviceAgent.Publishing;
using ArtMqtt.DeviceAgent.Tests.Publishing;
using ArtMqtt.Spool;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.DeviceAgent.Tests.Servers;

/// <summary>All ways to the real server, and from one to another.</summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(100);
    private readonly TestCertificates _files = new();
    private readonly MemorySpool _spool = new(new SpoolOptions());
    private TrackingServer _server = null!;
    private int _count;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _files.MakeAuthorityAsync("ca");
        await _files.MakeServerAsync("server", "ca");
        _server = new TrackingServer(_files);
        await _server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _spool.DisposeAsync();
        _files.Dispose();
    }

    [Theory]
    [InlineData("mqtt")]
    [InlineData("mqtts")]
    [InlineData("ws")]
    [InlineData("wss")]
    [InlineData("http")]
    [InlineData("https")]
    public async Task Every_way_delivers_everything_in_order(string scheme)
    {
        await using (var offline = Create([$"mqtt://127.0.0.1:{Ports.Free()}"]))
        {
            await PublishAsync(offline, 250);
        }

        await using var publisher = Create([Url(scheme)]);
        await PublishAsync(publisher, 5);

        Assert.True(await publisher.DrainAsync(_limit));
        // The newest of the backlog went ahead.
        var times = (await _server.ReceivedAsync()).Select(p => p.FixTime).ToList();
        Assert.Equal(255, times.Count);
        Assert.Equal(Enumerable.Range(0, 249).Select(At), times.Where(t => t < At(249)));
        Assert.Equal(Enumerable.Range(0, 255).Select(At), times.Order());
        Assert.Equal(1, publisher.Counts.Connects);
    }

    [Theory]
    [InlineData("mqtt")]
    [InlineData("http")]
    public async Task The_server_says_how_often_it_wants_positions_whatever_the_way(string scheme)
    {
        var wishes = new ConcurrentQueue<DeviceControl?>();
        await using var publisher = Create([Url(scheme)], controlled: wishes.Enqueue);
        await PublishAsync(publisher, 2);
        await WaitAsync(() => publisher.Waiting == 0 && !wishes.IsEmpty);

        var requestId = _server.Assign();
        await WaitAsync(async () =>
        {
            await PublishAsync(publisher, 1);
            return wishes.Last()?.RequestId is not null;
        });

        Assert.Equal([new DeviceControl(null, 30_000, 50), new DeviceControl(requestId, 2_000, 5)], wishes);
    }

    [Fact]
    public async Task Where_ports_are_blocked_it_takes_the_next_way_and_returns_to_the_best()
    {
        await using var mqtts = new TcpProxy(_server.MqttsPort);
        mqtts.Stall();
        await using var wss = new TcpProxy(Ports.Free());
        await using var publisher = Create(
            [$"mqtts://127.0.0.1:{mqtts.Port}", $"wss://127.0.0.1:{wss.Port}", Url("https")],
            options => options with { ConnectTimeout = TimeSpan.FromSeconds(1) });

        await PublishAsync(publisher, 10);
        await WaitAsync(() => publisher.Counts.Acknowledged == 10);
        Assert.Equal(ServerScheme.Https, publisher.Server!.Scheme);

        wss.Target = _server.HttpsPort;
        await WaitAsync(() => publisher.Server?.Scheme == ServerScheme.Wss);
        await PublishAsync(publisher, 10);

        mqtts.Heal();
        await WaitAsync(() => publisher.Server?.Scheme == ServerScheme.Mqtts);
        await PublishAsync(publisher, 10);

        Assert.True(await publisher.DrainAsync(_limit));
        await AssertAllOnceAsync();
    }

    [Fact]
    public async Task A_way_that_lets_nothing_through_is_left_though_it_connects()
    {
        await using var silent = new ScriptedServer(receiveMaximum: 10, _ => null);
        await using var publisher = Create(
            [$"mqtt://127.0.0.1:{silent.Port}", Url("ws")],
            options => options with { ControlTopic = null, AnswerTimeout = _soon, ClimbInterval = _limit });

        await PublishAsync(publisher, 5);

        Assert.True(await publisher.DrainAsync(_limit));
        Assert.Equal(3, publisher.Counts.Connects);
        Assert.NotEmpty(silent.Received);
        await AssertAllOnceAsync();
    }

    [Fact]
    public async Task Another_server_serves_while_the_first_is_away()
    {
        await using var second = new TrackingServer();
        await second.StartAsync();
        await using var publisher = Create([Url("mqtt"), $"mqtt://127.0.0.1:{second.MqttPort}"]);
        await PublishAsync(publisher, 5);
        await WaitAsync(() => publisher.Waiting == 0);

        await _server.StopAsync();
        await PublishAsync(publisher, 5);
        await WaitAsync(() => publisher.Waiting == 0);
        Assert.Equal(second.MqttPort, publisher.Server!.Port);

        await _server.StartAsync();
        await WaitAsync(() => publisher.Server?.Port == _server.MqttPort);
        await PublishAsync(publisher, 5);

        Assert.True(await publisher.DrainAsync(_limit));
        var (here, there) = (await _server.ReceivedAsync(), await second.ReceivedAsync());
        Assert.Equal(15, here.Concat(there).Select(p => p.FixTime).Distinct().Count());
        Assert.True(there.Count >= 5);
    }

    [Fact]
    public async Task A_certificate_is_enough_and_a_server_of_another_authority_is_not_believed()
    {
        await _files.MakeAsync("device", "ca", $"/CN={TrackingServer.DeviceId}", "extendedKeyUsage=clientAuth");
        await _files.MakeAuthorityAsync("other");
        var own = new DeviceCredentials
        {
            CertificateFile = _files["device.pem"],
            KeyFile = _files["device.key"],
            AuthorityFile = _files["ca.pem"],
        };
        foreach (var scheme in new[] { "mqtts", "wss", "https" })
        {
            await using var deceived = Create(
                [Url(scheme)], options => options with { Credentials = own with { AuthorityFile = _files["other.pem"] } });
            await WaitAsync(() => deceived.Counts.Retries > 1);
            Assert.Equal(0, deceived.Counts.Connects);
            Assert.NotNull(deceived.Trouble);
        }

        await using var publisher = Create([Url("mqtts")], options => options with { Credentials = own });
        await PublishAsync(publisher, 5);

        Assert.True(await publisher.DrainAsync(_limit));
        await AssertAllOnceAsync();
    }

    [Theory]
    [InlineData("mqtt")]
    [InlineData("http")]
    public async Task A_new_token_in_the_file_takes_over_before_the_old_one_ends(string scheme)
    {
        var path = _files["token"];
        await WriteTokenAsync(path, TimeSpan.FromHours(1));
        await using var publisher = Create([Url(scheme)], options => options with
        {
            Credentials = new DeviceCredentials { TokenFile = path },
            RenewBefore = TimeSpan.FromHours(2),
            RenewTry = _soon,
        });
        await PublishAsync(publisher, 5);
        await WaitAsync(() => publisher.Waiting == 0);
        Assert.Equal(1, publisher.Counts.Connects);

        await WriteTokenAsync(path, TimeSpan.FromHours(3));
        await WaitAsync(() => publisher.Counts.Connects == 2);
        await PublishAsync(publisher, 5);

        Assert.True(await publisher.DrainAsync(_limit));
        Assert.Equal(0, publisher.Counts.Retries);
        await AssertAllOnceAsync();
    }

    [Fact]
    public async Task A_token_that_lives_for_years_ends_nothing()
    {
        var path = _files["token"];
        await WriteTokenAsync(path, TimeSpan.FromDays(3650));
        await using var network = new TcpProxy(_server.MqttPort);
        await using var publisher = Create([$"mqtt://127.0.0.1:{network.Port}"], options => options with
        {
            Credentials = new DeviceCredentials { TokenFile = path },
        });
        await PublishAsync(publisher, 5);
        await WaitAsync(() => publisher.Waiting == 0);

        network.Cut();
        await WaitAsync(() => publisher.Counts.Connects == 2 || publisher.Completion.IsFaulted);
        await PublishAsync(publisher, 5);

        Assert.True(await publisher.DrainAsync(_limit));
        await AssertAllOnceAsync();
    }

    [Fact]
    public async Task A_token_that_ended_is_tried_again_until_there_is_a_new_one()
    {
        var path = _files["token"];
        await WriteTokenAsync(path, TimeSpan.FromSeconds(1));
        await using var publisher = Create([Url("mqtt")], options => options with
        {
            Credentials = new DeviceCredentials { TokenFile = path },
        });
        await WaitAsync(() => publisher.Trouble?.Contains("BadUserNameOrPassword", StringComparison.Ordinal) == true);
        await PublishAsync(publisher, 5);

        await WriteTokenAsync(path, TimeSpan.FromHours(1));

        Assert.True(await publisher.DrainAsync(_limit));
        await AssertAllOnceAsync();
    }

    [Fact]
    public async Task Two_that_call_themselves_the_same_do_not_take_the_place_from_each_other_all_the_time()
    {
        await using var other = new MemorySpool(new SpoolOptions());
        static PublisherOptions Patient(PublisherOptions options) => options with { LongestDelay = _limit };
        await using var first = Create([Url("mqtt")], Patient);
        await PublishAsync(first, 1);
        Assert.True(await first.DrainAsync(_limit));

        await using var second = Create([Url("mqtt")], Patient, spool: other);
        await WaitAsync(() => first.Trouble?.Contains("SessionTakenOver", StringComparison.Ordinal) == true);
        await PublishAsync(second, 100);

        Assert.True(await second.DrainAsync(_limit));
        Assert.Equal((1, 1), (first.Counts.Connects, second.Counts.Connects));
    }

    [Fact]
    public async Task What_a_metered_network_carries_is_no_more_than_what_is_counted()
    {
        await using var proxy = new TcpProxy(_server.MqttsPort);
        await using var publisher = Create(
            [$"mqtts://127.0.0.1:{proxy.Port}"],
            options => options with { DailyBytes = 100L << 30, BatchSize = 1, NewestFirst = false });
        await PublishAsync(publisher, 300);
        Assert.True(await publisher.DrainAsync(_limit));

        // What TCP and IP add, in both directions.
        const int Headers = 2 * 40;
        Assert.InRange(proxy.Bytes + (300 * Headers), 10_000, publisher.Spent!.Value);
        Assert.Equal(300, (await _server.ReceivedAsync()).Count);
    }

    private static DateTimeOffset At(int number) => DateTimeOffset.FromUnixTimeSeconds(1_780_000_000 + number);

    private static async Task WriteTokenAsync(string path, TimeSpan life)
    {
        var token = TestToken.Sign(TrackingServer.TokenKey, TestToken.Claims(
            ("sub", TrackingServer.DeviceId), ("role", "device"),
            ("exp", (TimeProvider.System.GetUtcNow() + life).ToUnixTimeSeconds())));
        await File.WriteAllTextAsync($"{path}.part", token, Token);
        File.Move($"{path}.part", path, overwrite: true);
    }

    private static Task WaitAsync(Func<Task<bool>> condition) => Eventually.TrueAsync(condition, Token);

    private static Task WaitAsync(Func<bool> condition) => Eventually.TrueAsync(condition, Token);

    private string Url(string scheme) => $"{scheme}://127.0.0.1:" + scheme switch
    {
        "mqtt" => _server.MqttPort,
        "mqtts" => _server.MqttsPort,
        "ws" or "http" => _server.HttpPort,
        "wss" or "https" => _server.HttpsPort,
        _ => throw new UnreachableException(),
    };

    private async Task PublishAsync(PositionPublisher publisher, int count)
    {
        for (var i = 0; i < count; i++, _count++)
        {
            await publisher.PublishAsync(new Position(_count * 1e-5, 0, At(_count)), Token);
        }
    }

    // The server stores a position once, however often it came; here we see what came.
    private async Task AssertAllOnceAsync() => Assert.Equal(
        Enumerable.Range(0, _count).Select(At), (await _server.ReceivedAsync()).Select(p => p.FixTime).Distinct().Order());

    private PositionPublisher Create(
        string[] servers, Func<PublisherOptions, PublisherOptions>? change = null, Action<DeviceControl?>? controlled = null,
        ISpool? spool = null)
    {
        var options = new PublisherOptions
        {
            Servers = [.. servers.Select(Parse)],
            DeviceId = TrackingServer.DeviceId,
            Credentials = new DeviceCredentials { Secret = $"secret-{TrackingServer.DeviceId}", AuthorityFile = _files["ca.pem"] },
            Topic = Topics.DevicePosition(TrackingServer.DeviceId),
            ControlTopic = Topics.DeviceControl(TrackingServer.DeviceId),
            LeavesWill = true,
            SessionExpiry = TimeSpan.FromHours(1),
            NewestFirst = true,
            BatchSize = 100,
            FirstDelay = TimeSpan.FromMilliseconds(20),
            LongestDelay = TimeSpan.FromMilliseconds(200),
            ClimbInterval = _soon,
        };
        return new PositionPublisher(
            change?.Invoke(options) ?? options, spool ?? _spool, TimeProvider.System, new Random(1),
            NullLogger<PositionPublisher>.Instance, controlled);
    }

    private static ServerEndpoint Parse(string url)
    {
        Assert.True(ServerEndpoint.TryParse(url, tls: false, out var endpoints), url);
        return endpoints[0];
    }
}
