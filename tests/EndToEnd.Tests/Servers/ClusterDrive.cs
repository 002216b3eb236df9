using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Watchers;

namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>A vehicle on its way, and the pages that watch it.</summary>
internal sealed class ClusterDrive(Job job, VehicleAgent vehicle, IReadOnlyList<SdkWatcher> watchers) : IAsyncDisposable
{
    public Job Job => job;

    /// <summary>Lets the receiver tell two places, whoever is there to hear of them.</summary>
    public Task TellAsync() => vehicle.TellAsync(2);

    /// <summary>Waits until everything that was told is acknowledged.</summary>
    public Task DeliveredAllAsync() => vehicle.DeliveredAllAsync();

    /// <summary>Drives on until everybody is shown where the vehicle is now.</summary>
    public async Task DriveAsync()
    {
        await vehicle.TellAsync(3);
        await vehicle.DeliveredAllAsync();
        var now = vehicle.Told[^1];
        foreach (var watcher in watchers)
        {
            await Soon.TrueAsync(
                "the newest place on all pages", async () => await watcher.FixesAsync() is [.., var last] && last == now);
        }
    }

    /// <summary>Every page was told each status once, in order, and no place twice or backwards.</summary>
    public async Task AssertToldAsync(IReadOnlyList<string> statuses)
    {
        foreach (var watcher in watchers)
        {
            await Soon.TrueAsync("the end", async () => (await watcher.StatusesAsync())[^1] == statuses[^1]);
            Assert.Equal(statuses, await watcher.StatusesAsync());
            var fixes = await watcher.FixesAsync();
            Assert.Equal(fixes.Order().Distinct(), fixes);
        }
    }

    /// <summary>Every place that was acknowledged is stored, once.</summary>
    public async Task AssertStoredAsync(Cluster cluster, string database)
    {
        await vehicle.DeliveredAllAsync();
        foreach (var node in cluster.Nodes)
        {
            await node.DrainedAsync();
        }

        var stored = await new PositionTable(database).PositionsAsync(job.Device.DeviceId);
        Assert.Equal(vehicle.Told, stored.Select(row => row.Time).Order());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        vehicle.Dispose();
        foreach (var watcher in watchers)
        {
            await watcher.DisposeAsync();
        }
    }
}
