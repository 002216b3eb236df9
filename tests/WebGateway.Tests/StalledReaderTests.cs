using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>A browser that does not read costs only itself.</summary>
public sealed class StalledReaderTests(Gateway gateway) : IClassFixture<Gateway>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_does_not_read_delays_nobody_and_is_closed()
    {
        using var counts = new MetricCounts(gateway.Services.GetRequiredService<IMeterFactory>());
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        await using var stalled = await RawHubClient.ConnectAsync(gateway.Address, customer);
        await stalled.InvokeAsync("1", "join:request", $"\"{id}\"", "null");
        await stalled.ReadUntilAsync(m => m.TryGetProperty("invocationId", out _));
        await using var reader = await Watcher.ConnectAsync(gateway, customer);
        await reader.JoinAsync(id);

        // Large, so that the buffers of both kernels are soon full.
        var by = new string('x', 16_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var sent = 0;
        while (counts.Of("artmqtt.gateway.connections.overflowed") == 0 && sent < 20_000)
        {
            await gateway.PublishStatusAsync(id, by);
            sent++;
            // The one who reads has each event before the next is published: nobody waits for the other.
            var (_, data) = await reader.NextAsync();
            Assert.Equal(by.Length, data.GetProperty("by").GetString()!.Length);
        }

        Assert.Equal(1, counts.Of("artmqtt.gateway.connections.overflowed"));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 32 << 20);
        await gateway.PublishAsync(id, second: 1);
        Assert.Equal("operator:location", (await reader.NextAsync()).Name);
        Assert.Equal(1, gateway.Log.Lines.Count(l => l.Text.Contains("status events waiting", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Places_replace_older_ones_while_one_does_not_read()
    {
        using var counts = new MetricCounts(gateway.Services.GetRequiredService<IMeterFactory>());
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        await using var stalled = await RawHubClient.ConnectAsync(gateway.Address, customer);
        await stalled.InvokeAsync("1", "join:request", $"\"{id}\"", "null");
        await stalled.ReadUntilAsync(m => m.TryGetProperty("invocationId", out _));

        var second = 0;
        while (counts.Of("artmqtt.gateway.events.conflated") < 1_000)
        {
            await gateway.PublishAsync(id, ++second);
        }

        // Reading again: what comes is in order, and the newest is the last.
        var newest = Gateway.PositionAt(++second).FixTime.ToUnixTimeMilliseconds();
        await gateway.PublishAsync(id, second);
        var last = 0L;
        while (last != newest)
        {
            var e = (await stalled.ReadUntilAsync(m => m.TryGetProperty("target", out _))).Match.GetProperty("arguments")[0];
            var timestamp = e.GetProperty("timestamp").GetInt64();
            Assert.True(timestamp > last);
            last = timestamp;
        }
    }
}
