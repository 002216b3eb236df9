using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Sessions;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Tests.Mqtt.Routing;

public sealed class TopicIndexTests
{
    private readonly TopicIndex _index = new();

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", "a/b", false)]
    [InlineData("a/b", "a", false)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/+", "a/", true)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("+", "a", true)]
    [InlineData("+", "/a", false)]
    [InlineData("+/+", "/a", true)]
    [InlineData("/+", "/a", true)]
    [InlineData("+/b/#", "a/b", true)]
    [InlineData("#", "a/b/c", true)]
    [InlineData("#", "/", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("a/#", "ab", false)]
    [InlineData("a/+/c", "a/b/c", true)]
    [InlineData("a/+/c", "a//c", true)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/x", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    [InlineData("$SYS/+", "$SYS/x", true)]
    [InlineData("a/$b", "a/$b", true)]
    [InlineData("a/#", "a/$b", true)]
    public void Matches_topics_as_the_specification_says(string filter, string topic, bool expected)
    {
        Add("x", filter);

        Assert.Equal(expected, Match(topic).Count == 1);
    }

    [Fact]
    public void Forgets_a_subscription_and_the_levels_it_alone_needed()
    {
        var gone = Add("x", "a/b/c");
        Add("y", "a/b");
        _index.Remove(gone);

        Assert.Empty(Match("a/b/c"));
        Assert.Equal(["y"], Match("a/b"));
    }

    [Fact]
    public void One_session_with_two_filters_is_found_twice_and_said_so()
    {
        var session = NewSession("x");
        _index.Set(Subscribe(session, "a/+"));
        _index.Set(Subscribe(session, "a/b"));

        var matches = new List<Subscription>();
        Assert.Equal(2, _index.Match("a/b", matches));
        var merged = Assert.Single(MergedSubscription.Of(matches, publisher: null));
        Assert.Equal(session, merged.Session);
    }

    [Fact]
    public void A_group_gets_each_message_once_in_turn()
    {
        Add("x", "$share/g/a");
        Add("y", "$share/g/a");
        Add("z", "$share/other/a");

        var all = Enumerable.Range(0, 4).SelectMany(_ => Match("a")).ToList();

        Assert.Equal(4, all.Count(key => key == "z"));
        Assert.Equal((2, 2), (all.Count(key => key == "x"), all.Count(key => key == "y")));
    }

    [Fact]
    public void Asking_whether_anybody_is_subscribed_takes_no_turn()
    {
        Add("x", "$share/g/a");
        Add("y", "$share/g/a");

        var all = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            Assert.True(_index.IsMatched("a"));
            all.AddRange(Match("a"));
        }

        Assert.False(_index.IsMatched("b"));
        Assert.Equal((2, 2), (all.Count(key => key == "x"), all.Count(key => key == "y")));
    }

    private Subscription Add(string key, string filter)
    {
        var subscription = Subscribe(NewSession(key), filter);
        _index.Set(subscription);
        return subscription;
    }

    private List<string> Match(string topic)
    {
        var matches = new List<Subscription>();
        _index.Match(topic, matches);
        return matches.ConvertAll(m => m.Session.Key);
    }

    private static Session NewSession(string key) =>
        new(key, ClientIdentity.Anyone, new SessionLimits(10, 10, 10), (_, _) => true, TimeProvider.System, _ => { });

    private static Subscription Subscribe(Session session, string filter) =>
        new(session, new FilterRequest(filter, 0, false, false, 0), null);
}
