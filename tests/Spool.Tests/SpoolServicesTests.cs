using System.Diagnostics.Metrics;
using ArtMqtt.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Spool.Tests;

public sealed class SpoolServicesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Adds_a_durable_spool_with_the_configured_bounds_and_a_health_check()
    {
        using var host = CreateHost(("Spool:CapacityBytes", "2097152"));
        await host.StartAsync(Cancellation);

        Assert.IsType<DurableSpool>(host.Services.GetRequiredService<ISpool>());
        Assert.Equal(2 << 20, host.Services.GetRequiredService<ISpool>().Status.CapacityBytes);
        var report = await host.Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(check => check.Tags.Contains("ready"), Cancellation);
        Assert.Equal(HealthStatus.Healthy, Assert.Single(report.Entries).Value.Status);
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    [Theory]
    [InlineData("Spool:CapacityBytes", "1000")]
    [InlineData("Spool:MaxRecordBytes", "0")]
    [InlineData("Spool:Folder", "")]
    public async Task Refuses_to_start_with_impossible_bounds(string key, string value)
    {
        using var host = CreateHost((key, value));

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));
    }

    [Fact]
    public async Task Refuses_to_start_when_the_largest_record_never_fits()
    {
        using var host = CreateHost(("Spool:CapacityBytes", "1048576"), ("Spool:MaxRecordBytes", "1048576"));

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));
    }

    [Fact]
    public async Task Is_degraded_when_more_than_four_fifths_are_taken()
    {
        await using var spool = new MemorySpool(new SpoolOptions { CapacityBytes = 1 << 20 });
        var check = new SpoolHealthCheck(spool);
        for (var i = 0; i < 9; i++)
        {
            Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new(), Cancellation)).Status);
            await spool.AppendAsync(new byte[100_000], Cancellation);
        }

        Assert.Equal(HealthStatus.Degraded, (await check.CheckHealthAsync(new(), Cancellation)).Status);
    }

    [Fact]
    public async Task Counts_what_it_does()
    {
        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener();
        await using var spool = DurableSpool.Open(
            new SpoolOptions { Folder = Path.Combine(_folder.Path, "s") }, TimeProvider.System, new RecordingLogger());
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == SpoolMetrics.MeterName)
            {
                l.EnableMeasurementEvents(instrument, instrument.Meter);
            }
        };
        void Add<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        {
            lock (seen)
            {
                seen[instrument.Name] = seen.GetValueOrDefault(instrument.Name) + Convert.ToDouble(value);
            }
        }

        listener.SetMeasurementEventCallback<long>(Add);
        listener.SetMeasurementEventCallback<int>(Add);
        listener.SetMeasurementEventCallback<double>(Add);
        listener.Start();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => spool.AppendAsync(new byte[100], Cancellation).AsTask()));
        listener.RecordObservableInstruments();

        // Other tests of this process may add to the same names.
        Assert.True(seen["artmqtt.spool.appended"] >= 10);
        Assert.True(seen["artmqtt.spool.appended.bytes"] >= 1_040);
        Assert.True(seen["artmqtt.spool.commit.records"] >= 10);
        Assert.True(seen["artmqtt.spool.commit.duration"] > 0);
        Assert.True(seen["artmqtt.spool.waiting"] >= 10);
        Assert.True(seen["artmqtt.spool.waiting.bytes"] >= 1_040);
    }

    private IHost CreateHost(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Spool:Folder"] = Path.Combine(_folder.Path, "spool");
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Services.AddSpool();
        return builder.Build();
    }
}
