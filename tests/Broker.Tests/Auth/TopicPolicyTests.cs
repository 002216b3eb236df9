using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Broker.Tests.Auth;

public sealed class TopicPolicyTests
{
    private readonly FakeFleet _fleet = new();
    private readonly TopicPolicy _policy;
    private readonly FleetRequest _own;
    private readonly FleetRequest _other;

    public TopicPolicyTests()
    {
        _policy = new TopicPolicy(_fleet);
        _fleet.AddDevice("truck-1");
        _fleet.AddDevice("truck-2");
        _own = _fleet.AddRequest("truck-1").Request;
        _other = _fleet.AddRequest("truck-2").Request;
    }

    [Theory]
    [InlineData("device", "art/devices/truck-1/position", true)]
    [InlineData("device", "art/requests/OWN/operator/position", true)]
    [InlineData("device", "art/devices/truck-2/position", false)]
    [InlineData("device", "art/devices/truck-10/position", false)]
    [InlineData("device", "art/devices/TRUCK-1/position", false)]
    [InlineData("device", "art/devices/truck-1/position/x", false)]
    [InlineData("device", "art/devices/truck-1/control", false)]
    [InlineData("device", "art/devices/+/position", false)]
    [InlineData("device", "art/devices/truck-1/#", false)]
    [InlineData("device", "art/devices/truck-1/position\0", false)]
    [InlineData("device", "/art/devices/truck-1/position", false)]
    [InlineData("device", "art/requests/OTHER/operator/position", false)]
    [InlineData("device", "art/requests/OWN/customer/position", false)]
    [InlineData("device", "art/requests/OWN/status", false)]
    [InlineData("device", "$SYS/broker", false)]
    [InlineData("device", "", false)]
    [InlineData("device", "owntracks/truck-1/phone", true)]
    [InlineData("device", "owntracks/truck-1/phone/event", true)]
    [InlineData("device", "owntracks/truck-1/phone/cmd", false)]
    [InlineData("device", "owntracks/truck-1/+", false)]
    [InlineData("device", "owntracks/truck-2/phone", false)]
    [InlineData("customer", "owntracks/truck-1/phone", false)]
    [InlineData("dispatcher", "owntracks/truck-1/phone", false)]
    [InlineData("customer", "art/requests/OWN/customer/position", true)]
    [InlineData("customer", "art/requests/OTHER/customer/position", false)]
    [InlineData("customer", "art/requests/OWN/operator/position", false)]
    [InlineData("customer", "art/requests/OWN/status", false)]
    [InlineData("customer", "art/devices/truck-1/position", false)]
    [InlineData("dispatcher", "art/devices/truck-1/position", false)]
    [InlineData("dispatcher", "art/requests/OWN/operator/position", false)]
    [InlineData("dispatcher", "art/requests/OWN/customer/position", false)]
    [InlineData("dispatcher", "art/requests/OWN/status", false)]
    public void Decides_who_publishes_where(string client, string topic, bool isAllowed) =>
        Assert.Equal(isAllowed, _policy.DecidePublish(Client(client), Topic(topic)).IsAllowed);

    [Theory]
    [InlineData("device", "art/devices/truck-1/#", true)]
    [InlineData("device", "art/devices/truck-1/control", true)]
    [InlineData("device", "art/devices/truck-1/+", true)]
    [InlineData("device", "art/requests/OWN/#", true)]
    [InlineData("device", "art/requests/OWN/status", true)]
    [InlineData("device", "art/requests/OWN/+/position", true)]
    [InlineData("device", "art/devices/truck-1", false)]
    [InlineData("device", "art/devices/truck-2/#", false)]
    [InlineData("device", "art/devices/+/position", false)]
    [InlineData("device", "art/devices/#", false)]
    [InlineData("device", "art/requests/OTHER/#", false)]
    [InlineData("device", "art/requests/+/status", false)]
    [InlineData("device", "art/#", false)]
    [InlineData("device", "art/devices/truck-1/#/x", false)]
    [InlineData("device", "art/devices/truck-1/a+", false)]
    [InlineData("device", "#", false)]
    [InlineData("device", "$SYS/#", false)]
    [InlineData("device", "$share/g/art/devices/truck-1/#", false)]
    [InlineData("device", "owntracks/truck-1/phone/cmd", true)]
    [InlineData("device", "owntracks/truck-1/+", true)]
    [InlineData("device", "owntracks/truck-1/#", true)]
    [InlineData("device", "owntracks/truck-1/+/cmd", true)]
    [InlineData("device", "owntracks/truck-1", false)]
    [InlineData("device", "owntracks/truck-2/#", false)]
    [InlineData("device", "owntracks/+/+", false)]
    [InlineData("device", "owntracks/+/+/event", false)]
    [InlineData("device", "owntracks/#", false)]
    [InlineData("customer", "owntracks/truck-1/#", false)]
    [InlineData("dispatcher", "owntracks/#", false)]
    [InlineData("customer", "art/requests/OWN/#", true)]
    [InlineData("customer", "art/requests/OWN/operator/position", true)]
    [InlineData("customer", "art/requests/OTHER/#", false)]
    [InlineData("customer", "art/requests/+/operator/position", false)]
    [InlineData("customer", "art/requests/#", false)]
    [InlineData("customer", "art/+/OWN/#", false)]
    [InlineData("customer", "+/requests/OWN/#", false)]
    [InlineData("customer", "art/devices/truck-1/position", false)]
    [InlineData("dispatcher", "art/#", true)]
    [InlineData("dispatcher", "art/requests/+/status", true)]
    [InlineData("dispatcher", "#", false)]
    [InlineData("dispatcher", "$SYS/#", false)]
    [InlineData("dispatcher", "+/requests/#", false)]
    [InlineData("dispatcher", "", false)]
    public void Decides_who_subscribes_where(string client, string filter, bool isAllowed) =>
        Assert.Equal(isAllowed, _policy.MaySubscribe(Client(client), Topic(filter)));

    [Theory]
    [InlineData("owntracks/truck-1/phone", true)]
    [InlineData("owntracks/truck-1/phone/status", true)]
    [InlineData("owntracks/truck-2/phone", false)]
    public void A_will_is_about_the_device_itself(string topic, bool isAllowed)
    {
        var device = ClientIdentity.Device("truck-1");

        Assert.Equal(isAllowed, _policy.MayLeaveWill(device, topic));
        Assert.Equal(isAllowed, _policy.MayReceive(device, topic, ""));
    }

    [Theory]
    [InlineData("art/devices/truck-1/position")]
    [InlineData("owntracks/truck-1/phone")]
    public void Attaches_the_running_request_to_the_positions_of_a_device(string topic)
    {
        var decision = _policy.DecidePublish(ClientIdentity.Device("truck-1"), topic);

        Assert.Equal((PositionRole.Operator, _own), (decision.Role, decision.Request));
    }

    [Fact]
    public void Positions_without_a_request_are_the_devices_own()
    {
        _fleet.Change(_own.RequestId, _ => null);

        var decision = _policy.DecidePublish(ClientIdentity.Device("truck-1"), "art/devices/truck-1/position");

        Assert.Equal((true, PositionRole.Device, null), (decision.IsAllowed, decision.Role, decision.Request));
    }

    [Fact]
    public void The_end_of_an_assignment_counts_at_once()
    {
        var device = ClientIdentity.Device("truck-1");
        _fleet.Change(_own.RequestId, r => r with { DeviceId = "truck-2" });

        Assert.False(_policy.DecidePublish(device, Topic("art/requests/OWN/operator/position")).IsAllowed);
        Assert.False(_policy.MaySubscribe(device, Topic("art/requests/OWN/#")));
        Assert.False(_policy.MayReceive(device, Topic("art/requests/OWN/customer/position"), ""));
        Assert.False(_policy.MayReceive(device, Topic("art/requests/OWN/status"), ""));
    }

    [Fact]
    public void After_the_end_of_a_request_only_its_last_status_is_delivered()
    {
        var customer = ClientIdentity.Customer(_own.RequestId);
        Assert.True(_policy.MayReceive(customer, Topic("art/requests/OWN/operator/position"), ""));

        _fleet.Change(_own.RequestId, _ => null);

        Assert.False(_policy.MayReceive(customer, Topic("art/requests/OWN/operator/position"), ""));
        Assert.True(_policy.MayReceive(customer, Topic("art/requests/OWN/status"), ""));
        Assert.False(_policy.DecidePublish(customer, Topic("art/requests/OWN/customer/position")).IsAllowed);
    }

    [Fact]
    public void Before_somebody_is_assigned_no_operator_is_shown()
    {
        _fleet.Change(_own.RequestId, r => r with { Status = RequestStatus.Pending });

        var customer = ClientIdentity.Customer(_own.RequestId);
        Assert.False(_policy.MayReceive(customer, Topic("art/requests/OWN/operator/position"), ""));
    }

    [Fact]
    public void A_disabled_device_publishes_no_more()
    {
        _fleet.AddDevice("truck-1", isEnabled: false);

        var decision = _policy.DecidePublish(ClientIdentity.Device("truck-1"), "art/devices/truck-1/position");

        Assert.False(decision.IsAllowed);
    }

    private string Topic(string pattern) => pattern
        .Replace("OWN", $"{_own.RequestId:D}", StringComparison.Ordinal)
        .Replace("OTHER", $"{_other.RequestId:D}", StringComparison.Ordinal);

    private ClientIdentity Client(string kind) => kind switch
    {
        "device" => ClientIdentity.Device("truck-1"),
        "customer" => ClientIdentity.Customer(_own.RequestId),
        _ => ClientIdentity.Dispatcher,
    };
}
