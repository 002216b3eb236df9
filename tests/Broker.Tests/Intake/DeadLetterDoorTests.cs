using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts.Positions;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.Broker.Tests.Intake;

/// <summary>Dead letters go through the same checks as what is published, and no others are made of them.</summary>
public sealed class DeadLetterDoorTests
{
    private const string Good = """{"lat":48.1,"lng":11.5,"timestamp":1772323200000}""";
    private static readonly DateTimeOffset _then = new(2026, 3, 1, 0, 0, 5, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_good_now_goes_into_the_spool_as_of_the_time_it_came()
    {
        await using var node = await StartAsync();

        var result = await RetryAsync(node, Letter("art/devices/truck-1/position", Good));

        Assert.Equal(new DeadLetterResult(1, null, null), result);
        var received = Assert.Single(node.Spool.Received);
        Assert.Equal(("truck-1", _then), (received.DeviceId, received.ReceivedAt));
        Assert.False(received.Positions.Single().IsClockSuspect);
    }

    [Theory]
    [InlineData("art/devices/truck-1/position", "nonsense", "position_malformed")]
    [InlineData("art/devices/truck-1/position", """{"lat":95,"lng":1,"timestamp":1}""", "position_field_out_of_range")]
    [InlineData("art/devices/truck-2/position", Good, "publish_not_allowed")]
    [InlineData("art/requests/5f0f0e10-6a2a-4f3e-9a53-0c8a4f0d0e11/operator/position", Good, "publish_not_allowed")]
    [InlineData("elsewhere", Good, "publish_not_allowed")]
    public async Task What_is_still_bad_leaves_nothing_behind(string topic, string payload, string code)
    {
        await using var node = await StartAsync();

        var result = await RetryAsync(node, Letter(topic, payload));

        Assert.Equal((0, code), (result.Accepted, result.ErrorCode));
        Assert.Empty(node.Spool.Received);
        Assert.Empty(node.Spool.Letters);
    }

    [Fact]
    public async Task Fields_of_OsmAnd_are_known_without_their_content_type()
    {
        await using var node = await StartAsync();

        var result = await RetryAsync(
            node, Letter("art/devices/truck-1/position", "id=truck-1&lat=48.1&lon=11.5&timestamp=1772323200"));

        Assert.Equal(1, result.Accepted);
        Assert.Equal(48.1, node.Spool.Received.Single().Positions.Single().Position.Latitude);
    }

    [Fact]
    public async Task A_letter_is_read_as_it_came_and_not_as_its_first_byte_looks()
    {
        await using var node = await StartAsync();
        var letter = Letter("art/devices/truck-1/position", Good) with { ContentType = PositionCodec.ProtobufContentType, Dialect = "own" };
        var form = Letter("art/devices/truck-1/position", "id=truck-1&lat=48.1&lon=11.5&timestamp=1772323200");

        Assert.Equal("position_malformed", (await RetryAsync(node, letter)).ErrorCode);
        Assert.Equal(1, (await RetryAsync(node, letter with { ContentType = PositionCodec.JsonContentType })).Accepted);
        Assert.Equal(1, (await RetryAsync(node, form with { ContentType = "application/x-www-form-urlencoded", Dialect = "osmand" })).Accepted);
        Assert.Equal(0, (await RetryAsync(node, form with { Dialect = "own" })).Accepted);
        // A label that is none says nothing: then the first byte decides.
        Assert.Equal(1, (await RetryAsync(node, letter with { ContentType = "text/plain" })).Accepted);
    }

    [Fact]
    public async Task What_is_refused_is_kept_with_its_content_type_and_its_size()
    {
        await using var node = await StartAsync();
        var client = await node.ConnectDeviceAsync("truck-1", MQTTnet.Formatter.MqttProtocolVersion.V500);
        await client.PublishAsync(
            new MQTTnet.MqttApplicationMessageBuilder().WithTopic("art/devices/truck-1/position").WithContentType("application/json")
                .WithPayload(new string('x', 5_000)).WithQualityOfServiceLevel(MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce).Build(),
            Token);

        var letter = Assert.Single(node.Spool.Letters);
        Assert.Equal(("application/json", "own", 5_000, true), (letter.ContentType, letter.Dialect, letter.Size, letter.IsCut));
        Assert.Equal(RejectedPayload.MaxPayload, letter.Payload.Length);
        Assert.Equal("Only the beginning of the payload was kept.", (await RetryAsync(node, letter)).Detail);
    }

    [Fact]
    public async Task What_the_database_refused_goes_back_as_it_was_and_only_that_may_look_like_a_record()
    {
        await using var node = await StartAsync();
        var record = SpoolRecord.Encode(new ReceivedPositions(
            99, "truck-9", PositionRole.Device, null, _then, [new ReceivedPosition(new Position(1, 2, _then), false)]));
        var letter = new RejectedPayload("truck-9", "", _then, RejectedPayload.RefusedByStoreCode, "23514", record);

        Assert.Equal(new DeadLetterResult(1, null, null), await RetryAsync(node, letter));
        Assert.Equal(99, node.Spool.Received.Single().DeviceKey);

        // A device that sends such bytes does not speak for another one.
        var forged = letter with { DeviceId = "truck-1", Topic = "art/devices/truck-1/position", Code = "position_malformed" };
        Assert.Equal(0, (await RetryAsync(node, forged)).Accepted);
        Assert.Single(node.Spool.Received);
    }

    [Fact]
    public async Task What_was_cut_and_what_cannot_be_stored_now_stays()
    {
        await using var node = await StartAsync();
        var cut = await RetryAsync(node, Letter("art/devices/truck-1/position", Good.PadRight(RejectedPayload.MaxPayload)));
        node.Spool.IsFailing = true;
        var failed = await RetryAsync(node, Letter("art/devices/truck-1/position", Good));

        Assert.Equal(("position_malformed", "spool_unavailable"), (cut.ErrorCode, failed.ErrorCode));
        Assert.Empty(node.Spool.Received);
    }

    private static RejectedPayload Letter(string topic, string payload) =>
        new("truck-1", topic, _then, "position_malformed", "Not JSON.", System.Text.Encoding.UTF8.GetBytes(payload));

    private static async Task<BrokerNode> StartAsync()
    {
        var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        node.Fleet.AddDevice("truck-2");
        return node;
    }

    private static ValueTask<DeadLetterResult> RetryAsync(BrokerNode node, RejectedPayload letter) =>
        node.Services.GetRequiredService<IDeadLetterDoor>().RetryAsync(letter, Token);
}
