using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Contracts.Tests;

public sealed class TopicsTests
{
    private static readonly Guid _request = Guid.Parse("0b8e7bb6-0c1b-4e8a-9d0f-3f6a52a1c001");

    [Fact]
    public void Reads_what_it_wrote()
    {
        Assert.True(Topics.TryParsePosition(Topics.DevicePosition("truck-1"), out var device));
        Assert.Equal(new PositionTopic(PositionRole.Device, null, "truck-1"), device);
        Assert.True(Topics.TryParsePosition(Topics.RequestPosition(_request, PositionRole.Operator), out var op));
        Assert.Equal(new PositionTopic(PositionRole.Operator, _request, null), op);
        Assert.True(Topics.TryParsePosition(Topics.RequestPosition(_request, PositionRole.Customer), out var customer));
        Assert.Equal(new PositionTopic(PositionRole.Customer, _request, null), customer);
        Assert.True(Topics.TryParseRequest(Topics.RequestStatus(_request), out var id, out var rest));
        Assert.Equal(_request, id);
        Assert.Equal("status", rest);
    }

    [Fact]
    public void Spells_them_as_the_wire_contract_does()
    {
        Assert.Equal("art/devices/truck-1/position", Topics.DevicePosition("truck-1"));
        Assert.Equal($"art/requests/{_request}/customer/position", Topics.RequestPosition(_request, PositionRole.Customer));
        Assert.Equal($"art/requests/{_request}/operator/position", Topics.RequestPosition(_request, PositionRole.Operator));
        Assert.Equal($"art/requests/{_request}/status", Topics.RequestStatus(_request));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/position")]
    [InlineData("art/devices//position")]
    [InlineData("art/devices/position")]
    [InlineData("art/devices/a/b/position")]
    [InlineData("art/devices/+/position")]
    [InlineData("art/devices/#/position")]
    [InlineData("art/devices/Truck/position")]
    [InlineData("art/devices/a/position/")]
    [InlineData("art/devices/a/presence")]
    [InlineData("ART/devices/a/position")]
    [InlineData("/art/devices/a/position")]
    [InlineData("art/requests/position")]
    [InlineData("art/requests//operator/position")]
    [InlineData("art/requests/+/operator/position")]
    [InlineData("art/requests/0b8e7bb6-0c1b-4e8a-9d0f-3f6a52a1c001/position")]
    [InlineData("art/requests/0b8e7bb6-0c1b-4e8a-9d0f-3f6a52a1c001/driver/position")]
    [InlineData("art/requests/0b8e7bb6-0c1b-4e8a-9d0f-3f6a52a1c001/operator/x/position")]
    [InlineData("art/requests/0b8e7bb60c1b4e8a9d0f3f6a52a1c001/operator/position")]
    [InlineData("art/requests/{0b8e7bb6-0c1b-4e8a-9d0f-3f6a52a1c001}/operator/position")]
    public void Refuses_what_is_no_topic_of_positions(string topic) => Assert.False(Topics.TryParsePosition(topic, out _));

    [Theory]
    [InlineData("art/requests/0B8E7BB6-0C1B-4E8A-9D0F-3F6A52A1C001/operator/position")]
    [InlineData("art/requests/0b8e7bb6-0c1b-4e8a-9d0f-3f6a52a1C001/operator/position")]
    public void One_request_has_one_spelling(string topic) => Assert.False(Topics.TryParsePosition(topic, out _));

    [Theory]
    [InlineData("art/devices/a/#", true, "#")]
    [InlineData("art/devices/a/position", true, "position")]
    [InlineData("art/devices/a", false, "")]
    [InlineData("art/devices/+/position", false, "")]
    [InlineData("art/#", false, "")]
    public void Finds_the_device_of_a_filter(string filter, bool expected, string rest)
    {
        Assert.Equal(expected, Topics.TryParseDevice(filter, out var device, out var below));
        Assert.Equal(expected ? "a" : "", device);
        Assert.Equal(rest, below);
    }
}
