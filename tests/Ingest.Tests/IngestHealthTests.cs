using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.Ingest.Tests;

public sealed class IngestHealthTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TestSpool _spool = new();
    private readonly IngestState _state;

    public IngestHealthTests() => _state = new IngestState(_time);

    public ValueTask DisposeAsync() => _spool.DisposeAsync();

    [Fact]
    public async Task A_failure_is_told_with_what_waits_and_for_how_long()
    {
        _spool.Append(IngestNode.Publish(device: 1, from: 0));
        _spool.Append(IngestNode.Publish(device: 1, from: 1));
        _time.Advance(TimeSpan.FromSeconds(312));
        _state.Failed("the disk of the database is full");

        Assert.Equal(
            (HealthStatus.Degraded,
                "2 records wait in the spool, nothing was stored for 312 s: the disk of the database is full."),
            await CheckAsync());

        _state.Recovered();
        _state.Stepped();
        Assert.Equal((HealthStatus.Healthy, null), await CheckAsync());
    }

    [Fact]
    public async Task A_database_that_is_silent_for_a_minute_is_told_too()
    {
        _spool.Append(IngestNode.Publish(device: 1, from: 0));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);

        _time.Advance(TimeSpan.FromSeconds(1));

        var (status, text) = await CheckAsync();
        Assert.Equal(HealthStatus.Degraded, status);
        Assert.Contains("nothing was stored for 61 s: the database does not answer", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_do_for_long_is_healthy()
    {
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal((HealthStatus.Healthy, null), await CheckAsync());
    }

    private async Task<(HealthStatus Status, string? Text)> CheckAsync()
    {
        var result = await new IngestHealthCheck(_state, _spool)
            .CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
        return (result.Status, result.Description);
    }
}
