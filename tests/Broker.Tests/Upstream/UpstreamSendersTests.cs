using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Upstream;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Positions;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.Broker.Tests.Upstream;

public sealed class UpstreamSendersTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeFleet _fleet = new();
    private readonly UpstreamSenders _senders;

    public UpstreamSendersTests()
    {
        _senders = new UpstreamSenders(_fleet, _time);
        _fleet.AddDevice("truck-1");
        _fleet.AddDevice("truck-2", isEnabled: false);
    }

    [Fact]
    public void A_topic_says_who_published()
    {
        var (request, _) = _fleet.AddRequest("truck-1");

        Assert.Equal(new(ClientIdentity.Device("truck-1"), "truck-1", null), _senders.Find("art/devices/truck-1/position"));
        Assert.Equal(new(ClientIdentity.Device("truck-1"), "truck-1", null), _senders.Find("owntracks/truck-1/phone"));
        Assert.Equal(
            new(ClientIdentity.Device("truck-1"), "truck-1", null), _senders.Find(Topics.RequestPosition(request.RequestId, PositionRole.Operator)));
        Assert.Equal(
            new(ClientIdentity.Customer(request.RequestId), "customer", null),
            _senders.Find(Topics.RequestPosition(request.RequestId, PositionRole.Customer)));
    }

    [Theory]
    [InlineData("art/devices/truck-9/position", "truck-9", "position_device_unknown")]
    [InlineData("art/devices/truck-2/position", "truck-2", "position_device_disabled")]
    [InlineData("owntracks/truck-9/phone", "truck-9", "position_device_unknown")]
    [InlineData("art/requests/3f2b8f4e-0000-4000-8000-0000000000aa/operator/position", "", "position_request_not_running")]
    [InlineData("art/requests/3f2b8f4e-0000-4000-8000-0000000000aa/customer/position", "customer", "position_request_not_running")]
    [InlineData("art/devices/Truck-1/position", "", "position_topic_unknown")]
    [InlineData("art/devices/truck-1/presence", "", "position_topic_unknown")]
    public void Whoever_may_not_publish_is_told_apart(string topic, string name, string code)
    {
        var sender = _senders.Find(topic);

        Assert.Equal((name, code), (sender.Name, sender.Problem?.Code));
    }

    [Fact]
    public void While_the_database_is_away_strangers_are_waited_for_but_not_for_ever()
    {
        Assert.False(_senders.MayLearn);

        _fleet.IsCurrent = false;
        Assert.True(_senders.MayLearn);
        _time.Advance(UpstreamSenders.Patience);
        Assert.False(_senders.MayLearn);

        _fleet.IsCurrent = true;
        Assert.False(_senders.MayLearn);
        _fleet.IsCurrent = false;
        Assert.True(_senders.MayLearn);
    }
}
