using System.Net;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Broker.Tests.FrontDoors;

/// <summary>OwnTracks apps in HTTP mode.</summary>
public sealed class OwnTracksHttpTests : IAsyncLifetime
{
    private const string Location =
        """{"_type":"location","acc":12,"batt":87,"lat":48.1374123,"lon":11.5755987,"tid":"t1","topic":"owntracks/http/t1","tst":1767225600,"vel":90}""";

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

    [Fact]
    public async Task The_Android_app_posts_a_location_and_is_answered_an_empty_list()
    {
        var answer = await _app.PostAsync(
            "/pub", Location, Caller.Truck, "application/json; charset=utf-8",
            ("X-Limit-U", "truck-1"), ("X-Limit-D", "pixel"));

        Assert.Equal((HttpStatusCode.OK, "[]", "application/json"), (answer.Status, answer.Body, answer.ContentType));
        var received = Assert.Single(_node.Spool.Received);
        Assert.Equal(("truck-1", 25f), (received.DeviceId, received.Positions[0].Position.Speed));
    }

    [Theory]
    [InlineData("/pub?u=truck-1&d=phone&token=secret-truck-1")]
    [InlineData("/pub?u=truck-1&key=secret-truck-1")]
    public async Task A_secret_in_the_address_will_do(string path) =>
        Assert.Equal(HttpStatusCode.OK, (await _app.PostAsync(path, Location)).Status);

    [Fact]
    public async Task Who_it_is_may_be_in_a_header_and_the_secret_a_bearer_token()
    {
        var answer = await _app.PostAsync(
            "/pub", Location, Caller.Bearer("secret-truck-1"), null, ("X-Limit-U", "truck-1"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task Takes_an_array_and_what_is_good_in_it()
    {
        var answer = await _app.PostAsync(
            "/pub", $$"""[{{Location}},{"_type":"location"},{"_type":"lwt","tst":1}]""", Caller.Truck);

        Assert.Equal((HttpStatusCode.OK, "[]"), (answer.Status, answer.Body));
        Assert.Single(Assert.Single(_node.Spool.Received).Positions);
        Assert.Equal("position_field_missing", Assert.Single(_node.Spool.Letters).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"_type":"waypoints","waypoints":[]}""")]
    [InlineData("""{"_type":"status","iOS":{"version":"18.4"}}""")]
    public async Task Messages_without_a_place_are_answered_alike(string body)
    {
        var answer = await _app.PostAsync("/pub", body, Caller.Truck);

        Assert.Equal((HttpStatusCode.OK, "[]"), (answer.Status, answer.Body));
        Assert.Empty(_node.Spool.Received);
        Assert.Empty(_node.Spool.Letters);
    }

    [Fact]
    public async Task Messages_without_a_place_are_counted()
    {
        using var passed = new CountedMeasurements(_node.Services, "artmqtt.broker.messages.passed");

        await _app.PostAsync("/pub", """[{"_type":"lwt"},{"_type":"steps","steps":1},{"_type":"x"}]""", Caller.Truck);

        Assert.Equal(["kind=lwt", "kind=steps", "kind=unknown"], passed.Tags);
    }

    [Fact]
    public async Task What_will_never_be_a_position_does_not_hold_up_the_rest_but_is_kept()
    {
        var answer = await _app.PostAsync("/pub", """{"_type":"location","lat":91,"lon":0,"tst":1}""", Caller.Truck);

        Assert.Equal((HttpStatusCode.OK, "[]"), (answer.Status, answer.Body));
        var letter = Assert.Single(_node.Spool.Letters);
        Assert.Equal(("position_field_out_of_range", "owntracks/truck-1/http"), (letter.Code, letter.Topic));
    }

    [Fact]
    public async Task Encrypted_messages_stay_in_the_app_until_a_person_switches_that_off()
    {
        var answer = await _app.PostAsync("/pub", """{"_type":"encrypted","data":"AAAA"}""", Caller.Truck);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "position_encrypted"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task One_device_does_not_report_for_another()
    {
        var answer = await _app.PostAsync("/pub?u=truck-2", Location, Caller.Truck);

        Assert.Equal((HttpStatusCode.Forbidden, "publish_not_allowed"), (answer.Status, answer.Code));
        Assert.Empty(_node.Spool.Received);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("+")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task The_phones_name_must_be_one(string name)
    {
        var answer = await _app.PostAsync($"/pub?d={Uri.EscapeDataString(name)}", Location, Caller.Truck);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task An_answer_waits_until_the_position_is_durable()
    {
        _node.Spool.IsClosed = true;
        var answering = _app.PostAsync("/pub", Location, Caller.Truck);
        await Soon.TrueAsync(() => _node.Spool.Waiting == 1);
        Assert.False(answering.IsCompleted);

        _node.Spool.Release(1);

        Assert.Equal(HttpStatusCode.OK, (await answering).Status);
    }

    [Fact]
    public async Task The_request_a_device_serves_is_attached()
    {
        var (request, _) = _node.Fleet.AddRequest("truck-1");
        using var listener = new RecordingListener(_node.Live);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        await _app.PostAsync("/pub", $$"""{"_type":"location","lat":1,"lon":2,"tst":{{now}}}""", Caller.Truck);

        Assert.Equal((PositionRole.Operator, (Guid?)request.RequestId),
            (_node.Spool.Received[0].Role, _node.Spool.Received[0].RequestId));
        await Soon.TrueAsync(() => listener.Locations.Count == 1);
    }
}
