using ArtMqtt.Broker.Upstream;

namespace ArtMqtt.Broker.Tests.Upstream;

public sealed class TopicMappingTests
{
    private const string Request = "3f2b8f4e-0000-4000-8000-0000000000aa";

    [Theory]
    [InlineData("art/devices/+/position", "", "art/devices/truck-1/position", "art/devices/truck-1/position")]
    [InlineData("fleet/+/gps", "art/devices/{1}/position", "fleet/truck-1/gps", "art/devices/truck-1/position")]
    [InlineData("+/job/+", "art/requests/{2}/operator/position", $"a/job/{Request}", $"art/requests/{Request}/operator/position")]
    [InlineData("+/+/gps", "art/devices/{1}.{2}/position", "acme/7/gps", "art/devices/acme.7/position")]
    [InlineData("v/+/#", "art/devices/{1}/position", "v/truck-1/a/b/c", "art/devices/truck-1/position")]
    [InlineData("v/+/#", "art/devices/{1}/position", "v/truck-1", "art/devices/truck-1/position")]
    [InlineData("ot/+/+", "owntracks/{1}/{2}", "ot/truck-1/phone", "owntracks/truck-1/phone")]
    [InlineData("owntracks/#", "", "owntracks/truck-1/phone", "owntracks/truck-1/phone")]
    public void A_topic_stands_for_one_of_ours(string filter, string topic, string published, string mapped)
    {
        Assert.True(TopicMapping.TryParse(new UpstreamTopic { Filter = filter, Topic = topic }, out var mapping));

        Assert.True(mapping.TryMap(published, out var result));
        Assert.Equal(mapped, result);
    }

    [Theory]
    [InlineData("fleet/+/gps", "fleet/truck-1")]
    [InlineData("fleet/+/gps", "fleet/truck-1/gps/more")]
    [InlineData("fleet/+/gps", "Fleet/truck-1/gps")]
    [InlineData("fleet/+/gps", "fleet/gps")]
    [InlineData("fleet/+/#", "fleet")]
    public void Another_topic_stands_for_nothing(string filter, string published)
    {
        Assert.True(TopicMapping.TryParse(
            new UpstreamTopic { Filter = filter, Topic = "art/devices/{1}/position" }, out var mapping));

        Assert.False(mapping.TryMap(published, out _));
    }

    [Fact]
    public void What_a_device_puts_into_a_topic_is_not_a_place_for_something_else()
    {
        Assert.True(TopicMapping.TryParse(
            new UpstreamTopic { Filter = "+/+/gps", Topic = "art/devices/{1}-{2}/position" }, out var mapping));

        Assert.True(mapping.TryMap("{2}/victim/gps", out var mapped));
        Assert.Equal("art/devices/{2}-victim/position", mapped);
    }

    [Theory]
    [InlineData("", "art/devices/{1}/position")]
    [InlineData("fleet/+gps", "art/devices/{1}/position")]
    [InlineData("$share/group/fleet/+", "art/devices/{1}/position")]
    [InlineData("fleet/+/gps", "art/devices/{2}/position")]
    [InlineData("fleet/+/gps", "art/devices/{1/position")]
    [InlineData("fleet/+/gps", "art/device/{1}/position")]
    [InlineData("fleet/+/gps", "")]
    [InlineData("fleet/+/gps", "art/requests/{1}/status")]
    public void A_mapping_that_can_lead_to_no_position_is_refused(string filter, string topic) =>
        Assert.False(TopicMapping.TryParse(new UpstreamTopic { Filter = filter, Topic = topic }, out _));

    [Fact]
    public void Without_settings_the_topics_are_our_own() =>
        Assert.Equal(
            ["art/devices/+/position", "art/requests/+/operator/position", "art/requests/+/customer/position", "owntracks/+/+", "owntracks/+/+/event"],
            TopicMapping.ReadAll(new UpstreamOptions()).Select(mapping => mapping.Filter));
}
