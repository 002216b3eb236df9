using System.Net;
using ArtMqtt.Broker.Tests.Support;

namespace ArtMqtt.Broker.Tests.FrontDoors;

/// <summary>OsmAnd and Traccar Client.</summary>
public sealed class OsmAndTests : IAsyncLifetime
{
    private const string Fields =
        "id=truck-1&timestamp=1767225600&lat=48.1374123&lon=11.5755987&speed=36&bearing=90&altitude=519&accuracy=4&batt=87";

    private const string Json =
        """{"location":{"timestamp":"2026-01-01T00:00:00.862Z","coords":{"latitude":48.1374123,"longitude":11.5755987,"accuracy":3.8,"speed":18.5,"heading":63,"altitude":519},"is_moving":true,"odometer":12,"event":"motionchange","battery":{"level":0.79,"is_charging":false},"activity":{"type":"in_vehicle"},"extras":{},"_":"&id=truck-1&lat=48.1374123&lon=11.5755987&timestamp=2026-01-01T00:00:00.862Z&"},"device_id":"truck-1"}""";

    private BrokerNode _node = null!;
    private Caller _app = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await BrokerNode.StartAsync();
        _node.Fleet.AddDevice("truck-1");
        _node.Fleet.AddDevice("truck-2");
        _app = new Caller(_node);
    }

    public ValueTask DisposeAsync()
    {
        _app.Dispose();
        return _node.DisposeAsync();
    }

    [Theory]
    [InlineData("token")]
    [InlineData("key")]
    public async Task Takes_a_query_with_the_secret_in_the_address(string name)
    {
        var answer = await _app.GetAsync($"/osmand?{name}=secret-truck-1&{Fields}");

        Assert.Equal((HttpStatusCode.OK, ""), (answer.Status, answer.Body));
        var position = Assert.Single(Assert.Single(_node.Spool.Received).Positions).Position;
        Assert.Equal((48.1374123, 18.52f, 90f, (byte?)87),
            (position.Latitude, position.Speed, position.Heading, position.Battery));
    }

    [Fact]
    public async Task Takes_a_query_that_is_posted_without_a_body()
    {
        var answer = await _app.PostAsync($"/osmand?{Fields}&token=secret-truck-1", "", null, null);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Single(_node.Spool.Received);
    }

    [Fact]
    public async Task Takes_a_form_with_the_secret_in_the_address_or_in_the_form()
    {
        const string Form = "application/x-www-form-urlencoded; charset=UTF-8";

        Assert.Equal(HttpStatusCode.OK, (await _app.PostAsync("/osmand?token=secret-truck-1", Fields, null, Form)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _app.PostAsync("/osmand", $"{Fields}&token=secret-truck-1", null, Form)).Status);

        Assert.Equal(2, _node.Spool.Received.Count);
    }

    [Fact]
    public async Task Takes_the_JSON_of_Traccar_Client_with_any_proof()
    {
        Assert.Equal(HttpStatusCode.OK, (await _app.PostAsync("/osmand?token=secret-truck-1", Json)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _app.PostAsync("/osmand", Json, Caller.Truck)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _app.PostAsync("/osmand", Json, Caller.Bearer("secret-truck-1"))).Status);

        Assert.Equal([18.5f, 18.5f, 18.5f], _node.Spool.Received.Select(r => r.Positions[0].Position.Speed!.Value));
    }

    [Fact]
    public async Task Takes_a_batch()
    {
        var answer = await _app.PostAsync(
            "/osmand",
            """[{"id":"truck-1","lat":1,"lon":1,"timestamp":1767225600},{"id":"truck-1","lat":2,"lon":1,"timestamp":1767225601}]""",
            Caller.Truck);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(2, Assert.Single(_node.Spool.Received).Positions.Count);
    }

    [Fact]
    public async Task Who_signs_in_by_name_need_not_say_it_again()
    {
        var answer = await _app.GetAsync("/osmand?lat=48&lon=11", Caller.Truck);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("truck-1", Assert.Single(_node.Spool.Received).DeviceId);
    }

    [Fact]
    public async Task A_sign_of_life_without_fix_is_fine()
    {
        var answer = await _app.GetAsync("/osmand?id=truck-1&token=secret-truck-1&cell=257,02,16,2224");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(_node.Spool.Received);
        Assert.Empty(_node.Spool.Letters);
    }

    [Fact]
    public async Task What_will_never_be_a_position_does_not_hold_up_the_rest_but_is_kept_without_the_secret()
    {
        var answer = await _app.GetAsync("/osmand?id=truck-1&token=secret-truck-1&lat=91&lon=11");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.StartsWith("position_field_out_of_range: ", answer.Body, StringComparison.Ordinal);
        var letter = Assert.Single(_node.Spool.Letters);
        Assert.Equal("id=truck-1&lat=91&lon=11"u8, letter.Payload.Span);
    }

    [Theory]
    [InlineData("/osmand?id=truck-2&lat=1&lon=1", HttpStatusCode.Forbidden, "publish_not_allowed")]
    [InlineData("/osmand?id=a/b&lat=1&lon=1", HttpStatusCode.Forbidden, "publish_not_allowed")]
    public async Task One_device_does_not_report_for_another(string path, HttpStatusCode status, string code)
    {
        var answer = await _app.GetAsync(path, Caller.Truck);

        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Empty(_node.Spool.Received);
    }

    [Fact]
    public async Task A_batch_is_of_one_device()
    {
        var answer = await _app.PostAsync(
            "/osmand", """[{"id":"truck-1","lat":1,"lon":1},{"id":"truck-2","lat":2,"lon":1}]""", Caller.Truck);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
        Assert.Empty(_node.Spool.Received);
    }

    [Theory]
    [InlineData("/osmand?lat=1&lon=1&token=secret-truck-1", "token_invalid")]
    [InlineData("/osmand?id=truck-1&lat=1&lon=1", "token_missing")]
    [InlineData("/osmand?id=truck-1&lat=1&lon=1&token=", "token_missing")]
    [InlineData("/osmand?id=truck-1&lat=1&lon=1&token=secret-truck-2", "token_invalid")]
    public async Task Nobody_in_particular_is_refused(string path, string code)
    {
        var answer = await _app.GetAsync(path);

        Assert.Equal((HttpStatusCode.Unauthorized, code), (answer.Status, answer.Code));
    }
}
