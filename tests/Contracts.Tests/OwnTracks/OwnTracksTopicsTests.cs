using ArtMqtt.Contracts.OwnTracks;

namespace ArtMqtt.Contracts.Tests.OwnTracks;

public sealed class OwnTracksTopicsTests
{
    [Theory]
    [InlineData("owntracks/truck-1/phone", "truck-1")]
    [InlineData("owntracks/truck-1/Jane's iPhone", "truck-1")]
    [InlineData("owntracks/truck-1/phone/event", "truck-1")]
    [InlineData("owntracks/truck-1/phone/waypoints", "truck-1")]
    [InlineData("owntracks/truck-1/phone/anything", "truck-1")]
    [InlineData("owntracks/truck-1/phone/cmd", null)]
    [InlineData("owntracks/truck-1/phone/", null)]
    [InlineData("owntracks/truck-1/phone/a/b", null)]
    [InlineData("owntracks/truck-1/", null)]
    [InlineData("owntracks/truck-1", null)]
    [InlineData("owntracks//phone", null)]
    [InlineData("owntracks/Truck-1/phone", null)]
    [InlineData("owntracks/truck-1/\u0007", null)]
    [InlineData("Owntracks/truck-1/phone", null)]
    [InlineData("art/truck-1/phone", null)]
    public void Knows_what_an_app_publishes_to(string topic, string? user)
    {
        Assert.Equal(user is not null, OwnTracksTopics.TryParsePublish(topic, out var parsed));
        Assert.True(user is null || user == parsed);
    }

    [Fact]
    public void A_phones_name_is_bounded()
    {
        Assert.True(OwnTracksTopics.IsDeviceName(new string('x', 64)));
        Assert.False(OwnTracksTopics.IsDeviceName(new string('x', 65)));
        Assert.False(OwnTracksTopics.IsDeviceName("a/b"));
        Assert.False(OwnTracksTopics.IsDeviceName("a+"));
        Assert.False(OwnTracksTopics.IsDeviceName("#"));
    }
}
