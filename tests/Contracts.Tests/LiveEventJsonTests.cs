using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Contracts.Tests;

public sealed class LiveEventJsonTests
{
    public static TheoryData<LiveEvent> Events { get; } =
    [
        new LocationEvent(PositionRole.Operator, 48.123456789, -11.5, 1_767_225_600_123, 0.1f, 359.9f, 3),
        new LocationEvent(PositionRole.Customer, 0, 0, 1, null, null, null),
        new StatusEvent(RequestStatus.InProgress, RequestStatus.Arrived, 5, "dispatcher \0 \"x\""),
        new StatusEvent(RequestStatus.Cancelled, null, 5, ""),
        new PresenceEvent(PresenceEvent.Offline, long.MaxValue),
    ];

    [Theory]
    [MemberData(nameof(Events))]
    public void An_event_comes_back_as_it_was(LiveEvent liveEvent) =>
        Assert.Equal(liveEvent, LiveEventJson.TryRead(liveEvent.Name, LiveEventJson.Write(liveEvent)));

    [Fact]
    public void Every_kind_of_event_is_among_them() => Assert.Equal(
        typeof(LiveEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(LiveEvent))).Select(type => type.Name).Order(),
        Events.Select(row => row.Data.GetType().Name).Distinct().Order());

    [Theory]
    [InlineData("operator:location", "null")]
    [InlineData("operator:location", """{"lat":"x"}""")]
    [InlineData("operator:presence", """{"state":"online","since":1,"more":2}""")]
    [InlineData("operator:presence", """{"state":null,"since":1}""")]
    [InlineData("request:status:updated", """{"status":"flying","at":1,"by":"x"}""")]
    [InlineData("request:status:updated", "{")]
    [InlineData("news", "{}")]
    public void Anything_else_is_none(string name, string json) => Assert.Null(LiveEventJson.TryRead(name, json));
}
