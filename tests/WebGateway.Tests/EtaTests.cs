using System.Text.Json;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Speeds;
using ArtMqtt.TestKit;
using ArtMqtt.WebGateway.Eta;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Watchers of every kind are told when the operator arrives.</summary>
public sealed class EtaTests(EagerGateway gateway) : IClassFixture<EagerGateway>
{
    // As Gateway.CreateRequestAsync says.
    private const double PickupLat = 48.1;
    private const double PickupLng = 11.5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_hub_a_poll_and_a_stream_tell_the_same()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        await gateway.SetStatusAsync(id, "en_route");
        await using var watcher = await Watcher.ConnectAsync(gateway, customer);
        var cursor = (await watcher.JoinAsync(id)).GetProperty("cursor").GetString();
        await using var stream = await ServerSentEvents.OpenAsync(gateway, id, customer, cursor);

        await PublishAsync(gateway, id, PickupLat + 0.05);

        var told = await NextEtaAsync(watcher);
        Assert.Equal(
            ["requestId", "epoch", "seq", "etaSeconds", "etaAt", "distanceMeters", "low", "high", "source", "computedAt"],
            told.EnumerateObject().Select(field => field.Name).Where(name => name is not "threshold"));
        // 5.6 km in a straight line, at 36 km/h.
        Assert.Equal("recent", told.GetProperty("source").GetString());
        Assert.Equal(5_560 * 1.3, told.GetProperty("distanceMeters").GetInt32(), tolerance: 20);
        Assert.Equal(723, told.GetProperty("etaSeconds").GetInt32(), tolerance: 10);
        Assert.InRange(told.GetProperty("etaSeconds").GetInt32(), told.GetProperty("low").GetInt32(), told.GetProperty("high").GetInt32());
        Assert.Equal(
            told.GetProperty("etaSeconds").GetInt32() * 1_000L,
            told.GetProperty("etaAt").GetInt64() - told.GetProperty("computedAt").GetInt64(), tolerance: 501);

        var fields = Fields(told);
        var poll = (await gateway.CallAsync("GET", $"/api/requests/{id}/events?since={cursor}", token: customer)).Json;
        Assert.Equal(fields, Fields(poll.GetProperty("missed").EnumerateArray().Single(
            e => e.GetProperty("name").GetString() == "request:eta").GetProperty("data")));
        Assert.Equal(fields, Fields(poll.GetProperty("snapshot").GetProperty("eta")));
        string name, data;
        do
        {
            var item = await stream.NextAsync();
            (name, data) = (item.EventType, item.Data);
        }
        while (name != "request:eta");
        Assert.Equal(fields, Fields(JsonDocument.Parse(data).RootElement));
    }

    [Fact]
    public async Task There_is_one_only_while_the_operator_is_on_the_way()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        var (other, otherCustomer, _) = await gateway.CreateAssignedAsync();
        await gateway.SetStatusAsync(other, "en_route");
        await using var watcher = await Watcher.ConnectAsync(gateway, customer);
        await using var otherWatcher = await Watcher.ConnectAsync(gateway, otherCustomer);
        await watcher.JoinAsync(id);
        await otherWatcher.JoinAsync(other);

        await PublishAsync(gateway, id, PickupLat + 0.05);
        await PublishAsync(gateway, other, PickupLat + 0.05);
        await NextEtaAsync(otherWatcher);
        Assert.Equal(JsonValueKind.Null, await EtaInSnapshotAsync(id, customer));

        await gateway.SetStatusAsync(id, "en_route");
        await PublishAsync(gateway, id, PickupLat + 0.049);
        await NextEtaAsync(watcher);
        Assert.Equal(JsonValueKind.Object, await EtaInSnapshotAsync(id, customer));

        await gateway.SetStatusAsync(id, "arrived");
        Assert.Equal(JsonValueKind.Null, await EtaInSnapshotAsync(id, customer));
        Assert.Null(await gateway.Streams.PublishAsync(id, new EtaEvent(1, 2, 3, 4, 5, "test", 6), Token));
    }

    [Fact]
    public async Task What_the_fleet_has_learned_is_asked_for()
    {
        // One that has not looked yet.
        await using var fresh = await gateway.StartAnotherAsync(("Gateway:Eta:Enabled", "true"));
        var (id, customer, _) = await fresh.CreateAssignedAsync();
        await fresh.SetStatusAsync(id, "en_route");
        await using var watcher = await Watcher.ConnectAsync(fresh, customer);
        await watcher.JoinAsync(id);

        // East of the pickup point everybody drives at 2 m/s.
        await using var command = gateway.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("""
            INSERT INTO speed_cells SELECT cell, 0, 1000, 1e6, 5e5, 2.5e5 FROM unnest($1) AS c (cell)
            """);
        command.Parameters.Add(new NpgsqlParameter<int[]>
        {
            TypedValue = [.. Enumerable.Range(0, 200).Select(i => SpeedGrid.CellOf(PickupLat, PickupLng + (i * 0.001))).Distinct()],
        });
        await command.ExecuteNonQueryAsync(Token);

        await PublishAsync(fresh, id, PickupLat, PickupLng + 0.1);

        var eta = await NextEtaAsync(watcher);
        Assert.Equal("history", eta.GetProperty("source").GetString());
        var expected = eta.GetProperty("distanceMeters").GetInt32() / 2;
        Assert.InRange(eta.GetProperty("etaSeconds").GetInt32(), 0.9 * expected, expected);
    }

    [Fact]
    public async Task Near_and_late_are_told_to_others_as_well()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        await gateway.SetStatusAsync(id, "en_route");
        await using var quiet = await gateway.StartAnotherAsync();
        await using var watcher = await Watcher.ConnectAsync(quiet, customer);
        await watcher.JoinAsync(id);
        var milestones = new RecordingMilestones();
        using var service = ActivatorUtilities.CreateInstance<EtaService>(
            quiet.Services, new IEtaMilestones[] { new BrokenMilestones(), milestones }.AsEnumerable(),
            Options.Create(new EtaOptions { Interval = TimeSpan.Zero, Smoothing = TimeSpan.Zero, DelayAfter = TimeSpan.FromMinutes(5) }));
        await Eventually.TrueAsync(() => Task.FromResult(IsEnRoute(quiet, id)), Token);
        await service.StartAsync(Token);

        var near = await PublishUntilAsync(PickupLat + 0.005);
        Assert.Equal(300, near.Threshold);
        var late = await PublishUntilAsync(PickupLat + 0.2);
        Assert.InRange(late.DelayedSeconds!.Value, 300, 5_000);
        Assert.Equal(300, (await NextEtaAsync(watcher)).GetProperty("threshold").GetInt32());
        Assert.Equal(late.DelayedSeconds, (await NextEtaAsync(watcher)).GetProperty("delayedSeconds").GetInt32());
        await service.StopAsync(Token);

        // A place that comes while another is looked at is left to the next.
        async Task<EtaEvent> PublishUntilAsync(double lat)
        {
            var milestone = milestones.NextAsync();
            await Eventually.TrueAsync(async () =>
            {
                await PublishAsync(quiet, id, lat);
                return milestone.IsCompleted;
            }, Token);
            return await milestone;
        }
    }

    [Fact]
    public async Task A_routing_server_can_be_set()
    {
        await using var host = await RoutingHost.StartAsync();
        host.AnswerWith(RoutingHost.OsrmAnswer);
        await using var routed = await gateway.StartAnotherAsync(
            ("Gateway:Eta:Enabled", "true"), ("Gateway:Eta:Interval", "00:00:00"), ("Gateway:Eta:Provider", "osrm"), ("Gateway:Eta:Url", $"{host.Address}"));
        var (id, customer, _) = await routed.CreateAssignedAsync();
        await routed.SetStatusAsync(id, "en_route");
        await using var watcher = await Watcher.ConnectAsync(routed, customer);
        await watcher.JoinAsync(id);

        await PublishAsync(routed, id, PickupLat + 0.02, PickupLng + 0.05);

        var eta = await NextEtaAsync(watcher);
        Assert.Equal(("osrm", 5_123), (eta.GetProperty("source").GetString(), eta.GetProperty("distanceMeters").GetInt32()));
        Assert.InRange(eta.GetProperty("etaSeconds").GetInt32(), 400, 542);
    }

    [Theory]
    [InlineData("Url", "Gateway:Eta:Provider", "osrm")]
    [InlineData("Url", "Gateway:Eta:Provider", "valhalla", "Gateway:Eta:Url", "ftp://10.0.0.1/")]
    [InlineData("Thresholds", "Gateway:Eta:Thresholds:0", "00:00:00")]
    [InlineData("Profile", "Gateway:Eta:Profile", "../driving")]
    public async Task Settings_that_cannot_work_end_the_start(string named, params string[] settings)
    {
        var e = await Assert.ThrowsAsync<OptionsValidationException>(async () => await gateway.StartAnotherAsync(
            [.. settings.Chunk(2).Select(pair => (pair[0], pair[1]))]));
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    private static bool IsEnRoute(Gateway node, Guid id) => node.Services.GetRequiredService<Contracts.Fleet.IFleetDirectory>()
        .FindRequest(id)?.Status == Contracts.Requests.RequestStatus.EnRoute;

    private static async Task PublishAsync(Gateway node, Guid request, double lat, double lng = PickupLng) =>
        await node.Streams.PublishAsync(
            request,
            new LocationEvent(
                PositionRole.Operator, lat, lng, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), null, null, 5), Token);

    private static async Task<JsonElement> NextEtaAsync(Watcher watcher)
    {
        while (true)
        {
            var (name, data) = await watcher.NextAsync();
            if (name == "request:eta")
            {
                return data;
            }
        }
    }

    private static string Fields(JsonElement eta) => string.Join(' ', eta.EnumerateObject()
        .Where(field => field.Name is not ("requestId" or "epoch" or "seq")).Select(field => $"{field.Name}={field.Value}"));

    private async Task<JsonValueKind> EtaInSnapshotAsync(Guid id, string customer) =>
        (await gateway.CallAsync("GET", $"/api/requests/{id}/events", token: customer)).Json
            .GetProperty("snapshot").GetProperty("eta").ValueKind;

    private sealed class RecordingMilestones : IEtaMilestones
    {
        private readonly System.Threading.Channels.Channel<EtaEvent> _told =
            System.Threading.Channels.Channel.CreateUnbounded<EtaEvent>();

        public async Task<EtaEvent> NextAsync() => await _told.Reader.ReadAsync(Token);

        public async Task OnMilestoneAsync(Guid requestId, EtaEvent eta, CancellationToken cancellationToken) =>
            await _told.Writer.WriteAsync(eta, cancellationToken);
    }

    private sealed class BrokenMilestones : IEtaMilestones
    {
        public Task OnMilestoneAsync(Guid requestId, EtaEvent eta, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("It does not work.");
    }
}

/// <summary>Estimates at every position.</summary>
public sealed class EagerGateway(TimescaleServer server) : Gateway(server)
{
    protected override IEnumerable<(string Key, string Value)> Settings =>
        [("Gateway:Eta:Enabled", "true"), ("Gateway:Eta:Interval", "00:00:00")];
}
