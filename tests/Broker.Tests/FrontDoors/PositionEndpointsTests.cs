using System.Net;
using System.Net.Http.Headers;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Broker.Tests.FrontDoors;

/// <summary>Our own payloads over HTTP.</summary>
public sealed class PositionEndpointsTests : IAsyncLifetime
{
    private const string Path = "/api/devices/truck-1/positions";

    private BrokerNode _node = null!;
    private Caller _app = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await BrokerNode.StartAsync([("MaxPositionsPerPayload", "3")]);
        _node.Fleet.AddDevice("truck-1");
        _node.Fleet.AddDevice("truck-2");
        _app = new Caller(_node);
    }

    public ValueTask DisposeAsync()
    {
        _app.Dispose();
        return _node.DisposeAsync();
    }

    [Fact]
    public async Task Takes_one_position_or_many_and_says_how_many()
    {
        var one = await _app.PostAsync(Path, Payloads.Json(), Caller.Bearer("secret-truck-1"));
        var many = await _app.PostAsync(Path, $"[{Payloads.Json(1)},{Payloads.Json(2)}]", Caller.Truck);

        Assert.Equal((HttpStatusCode.OK, """{"accepted":1}"""), (one.Status, one.Body));
        Assert.Equal((HttpStatusCode.OK, """{"accepted":2}"""), (many.Status, many.Body));
        Assert.Equal([1, 2], _node.Spool.Received.Select(r => r.Positions.Count));
    }

    [Theory]
    [InlineData("application/x-protobuf")]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public async Task Takes_Protobuf(string? contentType)
    {
        var position = new Position(48.1, 11.5, TimeProvider.System.GetUtcNow());
        var content = new ByteArrayContent(PositionCodec.Encode([position, position], PositionFormat.Protobuf));
        content.Headers.ContentType = contentType is null ? null : new MediaTypeHeaderValue(contentType);

        var answer = await _app.PostAsync(Path, content, Caller.Truck);

        Assert.Equal((HttpStatusCode.OK, """{"accepted":2}"""), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task Positions_from_before_the_assignment_count_too()
    {
        _node.Fleet.AddRequest("truck-1", assignedAt: TimeProvider.System.GetUtcNow());

        var answer = await _app.PostAsync(Path, $"[{Payloads.Json(1, 3600)},{Payloads.Json(2)}]", Caller.Truck);

        Assert.Equal("""{"accepted":2}""", answer.Body);
        Assert.Equal([PositionRole.Device, PositionRole.Operator], _node.Spool.Received.Select(r => r.Role));
    }

    [Fact]
    public async Task The_customer_and_the_operator_of_a_request_may_publish_to_it()
    {
        var (request, token) = _node.Fleet.AddRequest("truck-1");
        using var listener = new RecordingListener(_node.Live);
        var path = $"/api/requests/{request.RequestId:D}/positions";

        var customer = await _app.PostAsync(path, Payloads.Json(1), Caller.Bearer(token));
        var device = await _app.PostAsync(path, Payloads.Json(2), Caller.Truck);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (customer.Status, device.Status));
        Assert.Equal([PositionRole.Customer, PositionRole.Operator], _node.Spool.Received.Select(r => r.Role));
        await Soon.TrueAsync(() => listener.Locations.Count == 2);
    }

    [Fact]
    public async Task The_view_shows_the_first_place_and_then_the_newest_and_everything_is_kept()
    {
        _node.Fleet.AddRequest("truck-1");
        using var listener = new RecordingListener(_node.Live);

        for (var place = 1; place <= 4; place++)
        {
            await _app.PostAsync(Path, Payloads.Json(place, secondsAgo: 5 - place), Caller.Truck);
        }

        await Soon.TrueAsync(() => listener.Locations.Count > 0 && listener.Locations[^1].Event.Lat == 4);
        Assert.Equal(1, listener.Locations[0].Event.Lat);
        Assert.True(listener.Locations.Count < 4);
        Assert.Equal(4, _node.Spool.Received.Count);
    }

    [Fact]
    public async Task Nobody_publishes_to_what_is_not_theirs()
    {
        var (request, token) = _node.Fleet.AddRequest("truck-1");
        var (other, _) = _node.Fleet.AddRequest("truck-2");
        (string Path, AuthenticationHeaderValue Who)[] calls =
        [
            (Path, Caller.Basic("truck-2", "secret-truck-2")),
            (Path, Caller.Bearer(token)),
            (Path, Caller.Bearer(_node.DispatcherToken)),
            ($"/api/requests/{other.RequestId:D}/positions", Caller.Bearer(token)),
            ($"/api/requests/{other.RequestId:D}/positions", Caller.Truck),
            ($"/api/requests/{request.RequestId:D}/positions", Caller.Bearer(_node.DispatcherToken)),
            ($"/api/requests/{Guid.NewGuid():D}/positions", Caller.Truck),
        ];

        foreach (var (path, who) in calls)
        {
            var answer = await _app.PostAsync(path, Payloads.Json(), who);
            Assert.Equal((HttpStatusCode.Forbidden, "publish_not_allowed"), (answer.Status, answer.Code));
        }

        Assert.Empty(_node.Spool.Received);
    }

    [Theory]
    [InlineData("", "application/json", HttpStatusCode.BadRequest, "position_malformed")]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest, "position_malformed")]
    [InlineData("{}", "application/json", HttpStatusCode.BadRequest, "position_field_missing")]
    [InlineData("""{"lat":91,"lng":0,"timestamp":0}""", null, HttpStatusCode.BadRequest, "position_field_out_of_range")]
    [InlineData("{}", "text/plain", HttpStatusCode.UnsupportedMediaType, "position_content_type_unknown")]
    public async Task Bad_payloads_are_refused_with_the_reason_and_kept(
        string body, string? contentType, HttpStatusCode status, string code)
    {
        var answer = await _app.PostAsync(Path, body, Caller.Truck, contentType);

        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Equal(code, Assert.Single(_node.Spool.Letters).Code);
    }

    [Fact]
    public async Task Too_many_positions_are_too_large()
    {
        var body = $"[{string.Join(',', Enumerable.Repeat(Payloads.Json(), 4))}]";

        var answer = await _app.PostAsync(Path, body, Caller.Truck);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "position_batch_too_large"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_token_in_the_address_is_not_taken_here()
    {
        var answer = await _app.PostAsync($"{Path}?token=secret-truck-1", Payloads.Json());

        Assert.Equal((HttpStatusCode.Unauthorized, "token_missing"), (answer.Status, answer.Code));
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }
}
