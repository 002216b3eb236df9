using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

public sealed class TopicFilterTests(ConformanceBroker broker)
{
    // The first level is the test's own, which stands for "~" here.
    [Theory]
    [InlineData("~", "~", true)]
    [InlineData("~", "~/", false)]
    [InlineData("~/", "~", false)]
    [InlineData("~/", "~/", true)]
    [InlineData("~/a", "~/a", true)]
    [InlineData("~/a", "~/A", false)]
    [InlineData("~/a", "~/ab", false)]
    [InlineData("~/a", "~/a/", false)]
    [InlineData("~/a", "~//a", false)]
    [InlineData("~/a", "/~/a", false)]
    [InlineData("/~/a", "/~/a", true)]
    [InlineData("/~/a", "~/a", false)]
    [InlineData("~/+", "~", false)]
    [InlineData("~/+", "~/", true)]
    [InlineData("~/+", "~/a", true)]
    [InlineData("~/+", "~/a/", false)]
    [InlineData("~/+", "~/a/b", false)]
    [InlineData("~/+", "~//", false)]
    [InlineData("~/+/", "~/a/", true)]
    [InlineData("~/+/", "~/a", false)]
    [InlineData("~/+/+", "~//", true)]
    [InlineData("~/+/+", "~/a/b", true)]
    [InlineData("~/+/+", "~/a", false)]
    [InlineData("~/+/b", "~/a/b", true)]
    [InlineData("~/+/b", "~//b", true)]
    [InlineData("~/+/b", "~/b", false)]
    [InlineData("~/+/b", "~/a/c", false)]
    [InlineData("~/+/b", "~/a/a/b", false)]
    [InlineData("~/a/+/c", "~/a/b/c", true)]
    [InlineData("~/a/+/c", "~/a//c", true)]
    [InlineData("~/a/+/c", "~/a/b/c/d", false)]
    [InlineData("~/#", "~", true)]
    [InlineData("~/#", "~/", true)]
    [InlineData("~/#", "~/a", true)]
    [InlineData("~/#", "~/a/b/c/d/e/f", true)]
    [InlineData("~/#", "~a", false)]
    [InlineData("~/#", "~a/b", false)]
    [InlineData("~/a/#", "~/a", true)]
    [InlineData("~/a/#", "~/a//", true)]
    [InlineData("~/a/#", "~/b", false)]
    [InlineData("~/a/#", "~/ab", false)]
    [InlineData("~/+/#", "~", false)]
    [InlineData("~/+/#", "~/a", true)]
    [InlineData("~/+/#", "~/a/b", true)]
    [InlineData("~/+/b/#", "~/a/b", true)]
    [InlineData("~/+/b/#", "~/a/b/c", true)]
    [InlineData("~/+/b/#", "~/a/c", false)]
    [InlineData("+/~", "/~", true)]
    [InlineData("+/~", "a/~", true)]
    [InlineData("+/~", "~", false)]
    [InlineData("+/~/#", "/~", true)]
    [InlineData("+/~/#", "a/~/b", true)]
    [InlineData("/+/~", "/a/~", true)]
    [InlineData("/+/~", "a/~", false)]
    [InlineData("~/$a", "~/$a", true)]
    [InlineData("~/+", "~/$a", true)]
    [InlineData("~/#", "~/$a/b", true)]
    [InlineData("~/a b", "~/a b", true)]
    [InlineData("~/ä€𝄞", "~/ä€𝄞", true)]
    public async Task Matches(string filter, string topic, bool matches)
    {
        var own = Names.Unique("test");
        using var client = await broker.ConnectAsync(Level.V5);
        await client.SubscribeAsync([(filter.Replace("~", own, StringComparison.Ordinal), 1), ($"end/{own}", 1)]);

        await client.PublishAsync(topic.Replace("~", own, StringComparison.Ordinal), "message", 1);
        await client.PublishAsync($"end/{own}", "end", 1);

        Assert.Equal(matches ? 1 : 0, (await client.ReceiveUntilAsync("end")).Count);
    }

    [Theory]
    [InlineData(Level.V311, "")]
    [InlineData(Level.V311, "~/#/a")]
    [InlineData(Level.V311, "~/a#")]
    [InlineData(Level.V311, "~/#a")]
    [InlineData(Level.V311, "~/a+")]
    [InlineData(Level.V311, "~/+a/b")]
    [InlineData(Level.V5, "")]
    [InlineData(Level.V5, "~/#/a")]
    [InlineData(Level.V5, "~/##")]
    [InlineData(Level.V5, "~/++")]
    [InlineData(Level.V5, "#/")]
    public async Task Refuses_what_is_no_filter(Level level, string filter)
    {
        using var client = await broker.ConnectAsync(level);
        await client.SendAsync(Packets.Subscribe(level, 1, [(filter.Replace("~", Names.Unique("test"), StringComparison.Ordinal), 1)]));
        client.FinishSending();

        var answers = await client.ReadAllAsync();

        Assert.All(answers, a => Assert.True(a.Type == PacketType.Disconnect || a.Codes is [>= 0x80], $"{a}"));
    }

    [Theory]
    [InlineData(Level.V311, "~/+")]
    [InlineData(Level.V311, "~/#")]
    [InlineData(Level.V311, "a+b/~")]
    [InlineData(Level.V311, "")]
    [InlineData(Level.V5, "~/+")]
    [InlineData(Level.V5, "#")]
    public async Task Ends_a_client_that_publishes_to_what_is_no_topic(Level level, string topic)
    {
        using var client = await broker.ConnectAsync(level);

        await client.SendAsync(new PublishFields(topic.Replace("~", Names.Unique("test"), StringComparison.Ordinal), "x"));

        await client.ReadBrokenAsync(Reason.TopicInvalid, Reason.Malformed, Reason.ProtocolError);
    }

    [Theory]
    [InlineData("+/~", false)]
    [InlineData("+/~/#", false)]
    [InlineData("+/+", false)]
    [InlineData("#", false)]
    [InlineData("$own/~", true)]
    [InlineData("$own/+", true)]
    [InlineData("$own/#", true)]
    public async Task Topics_with_a_dollar_need_a_filter_with_a_dollar(string filter, bool matches)
    {
        var own = Names.Unique("test");
        using var client = await broker.ConnectAsync(Level.V5);
        await client.SubscribeAsync([(filter.Replace("~", own, StringComparison.Ordinal), 0), ($"end-{own}", 0)]);

        var answer = await client.PublishAsync($"$own/{own}", "message", 1);
        Assert.SkipWhen(answer!.Code >= 0x80, "The broker lets nobody publish to topics with a dollar.");
        await client.PublishAsync($"end-{own}", "end", 1);

        // Other tests' messages come through "#" as well.
        var received = await client.ReceiveUntilAsync("end");
        Assert.Equal(matches ? 1 : 0, received.Count(m => m.Topic.EndsWith(own, StringComparison.Ordinal) && m.Topic[0] == '$'));
    }
}
