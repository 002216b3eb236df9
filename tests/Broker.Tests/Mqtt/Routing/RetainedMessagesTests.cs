using ArtMqtt.Broker.Mqtt.Routing;

namespace ArtMqtt.Broker.Tests.Mqtt.Routing;

public sealed class RetainedMessagesTests
{
    private readonly RetainedMessages _retained = new(capacity: 3);

    [Fact]
    public void The_newest_counts_and_an_empty_one_removes()
    {
        Assert.True(Set("a", "1"));
        Assert.True(Set("a", "2"));
        Assert.Equal("2"u8, _retained.Find("a")!.Payload.Span);

        Assert.True(Set("a", ""));
        Assert.Null(_retained.Find("a"));
        Assert.Equal(0, _retained.Count);
    }

    [Fact]
    public void Another_topic_finds_no_room_when_it_is_full()
    {
        Assert.True(Set("a", "1") && Set("b", "1") && Set("c", "1"));

        Assert.False(Set("d", "1"));
        Assert.True(Set("a", "2"));
        Assert.True(Set("b", ""));
        Assert.True(Set("d", "1"));
    }

    [Theory]
    [InlineData("#", "a/b,a/b/c")]
    [InlineData("a/#", "a/b,a/b/c")]
    [InlineData("a/b/#", "a/b,a/b/c")]
    [InlineData("a/+", "a/b")]
    [InlineData("+/+/c", "a/b/c")]
    [InlineData("$x/#", "$x/y")]
    [InlineData("+/y", "")]
    [InlineData("a", "")]
    public void Is_found_by_filter(string filter, string topics)
    {
        Assert.True(Set("a/b", "1") && Set("a/b/c", "1") && Set("$x/y", "1"));

        Assert.Equal(topics, string.Join(',', _retained.Match(filter).Select(m => m.Topic).Order()));
    }

    private bool Set(string topic, string payload) =>
        _retained.TrySet(new Message { Topic = topic, Payload = System.Text.Encoding.UTF8.GetBytes(payload) });
}
