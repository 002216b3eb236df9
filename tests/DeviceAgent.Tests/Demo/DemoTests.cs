using System.Collections.Concurrent;
using System.Net.Http.Headers;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Commands;
using ArtMqtt.DeviceAgent.Demo;
using ArtMqtt.DeviceAgent.Replay;
using ArtMqtt.DeviceAgent.Simulation;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.DeviceAgent.Tests.Demo;

public sealed class DemoTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FakeServer _server = new();

    private string DevicesPath => Path.Combine(_folder.Path, "devices.json");

    private string StatePath => Path.Combine(_folder.Path, "demo.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Keeps_the_secrets_for_the_next_start()
    {
        var first = await ObtainAsync("demo-1", "demo-2");
        var second = await ObtainAsync("demo-1", "demo-2", "demo-3");

        Assert.Equal(first, second.Take(2));
        Assert.Equal(_server.Devices["demo-3"], second[2].Secret);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(DevicesPath));
    }

    [Fact]
    public async Task Asks_for_a_new_secret_when_it_is_lost_and_creates_what_the_server_lost()
    {
        await ObtainAsync("demo-1", "demo-2");
        File.Delete(DevicesPath);
        Assert.Equal(["demo-1"], (await ObtainAsync("demo-1")).Select(d => d.DeviceId));
        Assert.True(_server.Devices.TryRemove("demo-1", out _));

        var again = await ObtainAsync("demo-1");

        Assert.Equal(_server.Devices["demo-1"], again[0].Secret);
    }

    [Fact]
    public async Task Waits_for_a_server_that_is_not_there_yet()
    {
        _server.Fail(3);

        var devices = await ObtainAsync("demo-1");

        Assert.Equal(_server.Devices["demo-1"], devices[0].Secret);
    }

    [Fact]
    public async Task Says_when_the_token_is_wrong()
    {
        using var client = CreateClient("d.other");
        var api = new DispatcherApi(client, new EagerTime(DateTimeOffset.UnixEpoch), NullLogger<DispatcherApi>.Instance);

        var e = await Assert.ThrowsAsync<UsageException>(() =>
            api.ObtainSecretAsync("demo-1", TestContext.Current.CancellationToken));

        Assert.Contains("token", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drives_to_one_customer_after_the_other()
    {
        using var client = CreateClient("d.token");
        var api = new DispatcherApi(client, TimeProvider.System, NullLogger<DispatcherApi>.Instance);
        var state = new DemoState(StatePath, "localhost:1883", new DemoGuest("demo-you", "secret"));
        var network = StreetNetwork.Create(41.9, 12.5, seed: 1);
        using var output = new StringWriter();
        var fleet = new DemoFleet(
            network, api, new ReplaySpeed(900), 1, state, TimeProvider.System, TextWriter.Synchronized(output));
        var positions = new ConcurrentQueue<Position>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var (first, run) = await fleet.CreateAsync(
            1, "demo-2",
            (position, _) =>
            {
                positions.Enqueue(position);
                return ValueTask.CompletedTask;
            },
            end.Token);

        var running = run(end.Token);
        while (!_server.Requests.Values.Any(r => r.Contains("en_route") && !ReferenceEquals(r, _server.Requests[first.RequestId])))
        {
            Assert.False(running.IsFaulted, running.Exception?.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(
            ["assigned:demo-2", "en_route", "arrived", "in_progress", "completed"],
            _server.Requests[first.RequestId]);
        var job = Assert.Single(DemoState.ReadJobs(StatePath));
        Assert.NotEqual(first.RequestId, job.RequestId);
        Assert.Contains(job.CustomerUrl, output.ToString(), StringComparison.Ordinal);
        Assert.True(positions.Count > 100);
        Assert.Equal(positions.Count, positions.Select(p => p.FixTime).Distinct().Count());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(StatePath));

        await fleet.TidyUpAsync(DemoState.ReadJobs(StatePath), TestContext.Current.CancellationToken);
        Assert.Equal("cancelled", _server.Requests[job.RequestId].Last());
    }

    [Fact]
    public async Task Gives_the_users_own_device_a_customer_to_try_things_with()
    {
        using var client = CreateClient("d.token");
        var api = new DispatcherApi(client, TimeProvider.System, NullLogger<DispatcherApi>.Instance);
        var state = new DemoState(StatePath, "localhost:1883", new DemoGuest("demo-you", "secret"));
        var fleet = new DemoFleet(
            StreetNetwork.Create(41.9, 12.5, seed: 1), api, new ReplaySpeed(1), 1, state, TimeProvider.System,
            TextWriter.Null);

        var request = await fleet.CreateForGuestAsync("demo-you", TestContext.Current.CancellationToken);

        Assert.Equal(["assigned:demo-you", "en_route"], _server.Requests[request.RequestId]);
        Assert.Equal("demo-you", Assert.Single(DemoState.ReadJobs(StatePath)).DeviceId);
    }

    [Fact]
    public void Reads_no_jobs_from_a_damaged_file()
    {
        Assert.Empty(DemoState.ReadJobs(StatePath));
        File.WriteAllText(StatePath, "{\"jobs\": [");
        Assert.Empty(DemoState.ReadJobs(StatePath));
    }

    private HttpClient CreateClient(string token) => new(_server, disposeHandler: false)
    {
        BaseAddress = new Uri("http://test/"),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    private async Task<IReadOnlyList<DeviceCredential>> ObtainAsync(params string[] deviceIds)
    {
        using var client = CreateClient("d.token");
        var api = new DispatcherApi(client, new EagerTime(DateTimeOffset.UnixEpoch), NullLogger<DispatcherApi>.Instance);
        return await DemoDevices.ObtainAsync(api, DevicesPath, deviceIds, TestContext.Current.CancellationToken);
    }
}
