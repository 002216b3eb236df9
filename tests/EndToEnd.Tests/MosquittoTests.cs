using System.Globalization;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.EndToEnd.Tests.Watchers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>Somebody else's client publishes; our watchers and the database get it.</summary>
public sealed class MosquittoTests(TimescaleServer server) : IAsyncLifetime
{
    private string _database = "";
    private NodeProcess _node = null!;
    private Dispatcher _dispatcher = null!;
    private Job _job = null!;

    private PositionTable Table => new(_database);

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _node = new NodeProcess(_database);
        await _node.StartAsync();
        _dispatcher = new Dispatcher(_node);
        _job = await _dispatcher.CreateJobAsync(48.2, 11.6);
    }

    public ValueTask DisposeAsync()
    {
        _dispatcher.Dispose();
        return _node.DisposeAsync();
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task A_position_is_seen_live_and_stored(string version)
    {
        await using var watcher = await HubWatcher.JoinAsync(_node, _job);
        var position = Position(48.1374123, 11.5755987);

        var result = await PublishAsync(version, _job.Device, _job.Device.Topic, Json(position));

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(position, await watcher.NextAsync());
        await _node.DrainedAsync();
        Assert.Equal([position], await _dispatcher.RouteAsync(_job.RequestId));
    }

    [Theory]
    [InlineData("mqttv311", "bad user name or password")]
    [InlineData("mqttv5", "Bad User Name or Password")]
    public async Task A_wrong_secret_is_refused(string version, string answer)
    {
        var stranger = _job.Device with { Secret = "guessed" };

        var result = await PublishAsync(version, stranger, _job.Device.Topic, Json(Position(48.1, 11.5)));

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(answer, result.Error, StringComparison.Ordinal);
        await _node.DrainedAsync();
        Assert.Equal(0, await Table.CountAsync());
    }

    [Theory]
    [InlineData("mqttv311", "connection was lost")]
    [InlineData("mqttv5", "Not authorized")]
    public async Task The_topic_of_another_device_is_refused(string version, string answer)
    {
        var other = await _dispatcher.CreateDeviceAsync();

        var result = await PublishAsync(version, other, _job.Device.Topic, Json(Position(48.1, 11.5)));

        Assert.Contains(answer, result.Error, StringComparison.Ordinal);
        await _node.DrainedAsync();
        Assert.Equal(0, await Table.CountAsync());
    }

    [Fact]
    public async Task A_bad_payload_is_answered_0x99_and_kept_as_a_dead_letter_while_the_next_good_one_is_stored()
    {
        var good = Position(48.1374123, 11.5755987);

        var bad = await PublishAsync("mqttv5", _job.Device, _job.Device.Topic, "nonsense");
        var next = await PublishAsync("mqttv5", _job.Device, _job.Device.Topic, Json(good));

        Assert.Contains("RC:153", bad.Output + bad.Error, StringComparison.Ordinal);
        Assert.True(next.ExitCode == 0, next.Error);
        await _node.DrainedAsync();
        var (code, payload) = Assert.Single(await Table.LettersAsync(_job.Device.DeviceId));
        Assert.Equal("position_malformed", code);
        Assert.Equal("nonsense"u8, payload);
        Assert.Equal([good], await _dispatcher.RouteAsync(_job.RequestId));
    }

    private static RoutePoint Position(double latitude, double longitude) =>
        new(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), latitude, longitude);

    private static string Json(RoutePoint position) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"lat":{{position.Latitude}},"lng":{{position.Longitude}},"timestamp":{{position.Time}}}""");

    private Task<ProcessResult> PublishAsync(string version, Credential device, string topic, string payload) =>
        Mosquitto.PublishAsync(_node, device, version, topic, payload);
}
