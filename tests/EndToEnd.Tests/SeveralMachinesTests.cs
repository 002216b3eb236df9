using System.Globalization;
using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.EndToEnd.Tests.Watchers;
using ArtMqtt.TestKit;
using ArtMqtt.TestKit.Networks;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>
/// Nodes, Redis, TimescaleDB, HAProxy and vehicles, each in a network namespace of its own: what is between them can be cut.
/// </summary>
public sealed class SeveralMachinesTests(Chromium chromium, ITestOutputHelper output) : IDisposable
{
    private const string LongRun = "ARTMQTT_NODES_SECONDS";
    private const string SeedOfLongRun = "ARTMQTT_NODES_SEED";
    private static readonly string[] _statuses = ["en_route", "arrived", "in_progress", "completed"];
    private readonly TestFolder _folder = new();
    private readonly List<string> _told = [_statuses[0]];
    private readonly Dictionary<string, List<double>> _recoveries = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Cut_links_lose_and_double_nothing() => RunAsync(nodes: 2, jobs: 1, async (faults, cluster, drives, dispatcher) =>
    {
        var random = new Random(1);
        for (var kind = 0; kind < faults.Cuts(cluster.Nodes[0], random).Count; kind++)
        {
            await SufferAsync(faults.Cuts(cluster.Nodes[kind % 2], random)[kind], drives, TimeSpan.FromSeconds(1));
        }
    });

    [Fact]
    public async Task Any_server_is_killed_and_any_link_is_cut_again_and_again()
    {
        Assert.SkipUnless(
            int.TryParse(Environment.GetEnvironmentVariable(LongRun), CultureInfo.InvariantCulture, out var seconds),
            $"Takes as long as {LongRun} says; bench/README.md.");
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedOfLongRun), CultureInfo.InvariantCulture, out var given) ? given : 1;
        await RunAsync(nodes: 3, jobs: 3, async (faults, cluster, drives, dispatcher) =>
        {
            var random = new Random(seed);
            var started = TimeProvider.System.GetTimestamp();
            for (var round = 0; TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(seconds); round++)
            {
                var node = cluster.Nodes[random.Next(cluster.Nodes.Count)];
                ClusterFault[] all = [.. faults.Ends(node), .. faults.Cuts(node, random)];
                await SufferAsync(all[random.Next(all.Length)], drives, TimeSpan.FromMilliseconds(random.Next(5_000)));
                if (round % 4 == 3 && _told.Count < _statuses.Length - 1)
                {
                    await MoveOnAsync(drives, dispatcher);
                }
            }
        });
        foreach (var (what, times) in _recoveries)
        {
            times.Sort();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {what} | {times.Count} | {times[times.Count / 2]:0.0} | {times[^1]:0.0} |"));
        }
    }

    private async Task RunAsync(
        int nodes, int jobs, Func<ClusterFaults, Cluster, IReadOnlyList<ClusterDrive>, Dispatcher, Task> suffer)
    {
        var whyNot = await TestNetwork.WhyNotAsync();
        Assert.SkipUnless(whyNot is null, whyNot ?? "");
        await using var network = await TestNetwork.CreateAsync();
        var machines = await ClusterMachines.AddAsync(network, nodes);
        await using var server = new TimescaleServer { Host = machines.Database };
        var database = await server.CreateDatabaseAsync();
        await using var cluster = await Cluster.StartAsync(database, nodes, machines);
        using var dispatcher = new Dispatcher(cluster.Proxy.Address, cluster.Nodes[0]);
        var drives = new List<ClusterDrive>();
        try
        {
            for (var i = 0; i < jobs; i++)
            {
                drives.Add(await StartAsync(cluster, machines, await dispatcher.CreateJobAsync(48.137, 11.575)));
            }

            await Task.WhenAll(drives.Select(drive => drive.DriveAsync()));
            await suffer(new ClusterFaults(cluster, server, machines), cluster, drives, dispatcher);
            while (_told.Count < _statuses.Length)
            {
                await MoveOnAsync(drives, dispatcher);
            }

            foreach (var drive in drives)
            {
                await drive.AssertToldAsync(_statuses);
                await drive.AssertStoredAsync(cluster, database);
            }
        }
        catch (Exception)
        {
            foreach (var node in cluster.Nodes)
            {
                output.WriteLine($"{node.Address}:\n{node.Log}");
            }

            throw;
        }
        finally
        {
            foreach (var drive in drives)
            {
                await drive.DisposeAsync();
            }
        }
    }

    // Through any node, and with the vehicle and the page on any two.
    private async Task<ClusterDrive> StartAsync(Cluster cluster, ClusterMachines machines, Job job)
    {
        var vehicle = new VehicleAgent(
            job.Device, $"{cluster.Proxy.IpAddress}:{cluster.Proxy.MqttPort}", Path.Combine(_folder.Path, job.Device.DeviceId))
        {
            IsLive = true,
            Host = machines.Vehicles,
        };
        vehicle.Start();
        return new ClusterDrive(job, vehicle, [await SdkWatcher.StartAsync(chromium, cluster.Proxy.Address, job)]);
    }

    private async Task SufferAsync(ClusterFault fault, IReadOnlyList<ClusterDrive> drives, TimeSpan duration)
    {
        var broken = TimeProvider.System.GetTimestamp();
        await fault.BreakAsync();
        do
        {
            await Task.WhenAll(drives.Select(drive => drive.TellAsync()));
            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, Token);
        }
        while (TimeProvider.System.GetElapsedTime(broken) < duration);
        await fault.RepairAsync();
        var repaired = TimeProvider.System.GetTimestamp();
        try
        {
            await Task.WhenAll(drives.Select(drive => drive.DriveAsync()));
        }
        finally
        {
            var shown = TimeProvider.System.GetElapsedTime(repaired).TotalSeconds;
            _recoveries.TryAdd(fault.Name, []);
            _recoveries[fault.Name].Add(shown);
            var outFor = TimeProvider.System.GetElapsedTime(broken, repaired).TotalSeconds;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():T} {fault.Name}: out for {outFor:0.0} s, all shown after {shown:0.0} s"));
        }
    }

    private async Task MoveOnAsync(IReadOnlyList<ClusterDrive> drives, Dispatcher dispatcher)
    {
        _told.Add(_statuses[_told.Count]);
        foreach (var drive in drives)
        {
            await dispatcher.MoveOnAsync(drive.Job, _told[^1]);
        }
    }
}
