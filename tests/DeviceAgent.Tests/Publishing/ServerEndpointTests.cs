using ArtMqtt.DeviceAgent.Publishing;

namespace ArtMqtt.DeviceAgent.Tests.Publishing;

public sealed class ServerEndpointTests
{
    [Theory]
    [InlineData("host", "mqtt://host:1883")]
    [InlineData("host:1884", "mqtt://host:1884")]
    [InlineData("[::1]:1884", "mqtt://[::1]:1884")]
    [InlineData("mqtts://host", "mqtts://host:8883")]
    [InlineData("ws://host:8080", "ws://host:8080/mqtt")]
    [InlineData("wss://host", "wss://host:443/mqtt")]
    [InlineData("http://127.0.0.1", "http://127.0.0.1:80")]
    [InlineData("https://host:8443", "https://host:8443")]
    [InlineData("any://host", "mqtts://host:8883 wss://host:443/mqtt https://host:443")]
    public void Reads(string text, string expected)
    {
        Assert.True(ServerEndpoint.TryParse(text, tls: false, out var endpoints));
        Assert.Equal(expected, string.Join(' ', endpoints));
    }

    [Fact]
    public void A_bare_host_may_mean_TLS()
    {
        Assert.True(ServerEndpoint.TryParse("host", tls: true, out var endpoints));
        Assert.Equal("mqtts://host:8883", endpoints[0].ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("host:0")]
    [InlineData("host:99999")]
    [InlineData("ftp://host")]
    [InlineData("https://host/path")]
    [InlineData("any://host:8883")]
    [InlineData("mqtt://")]
    public void Refuses(string text) => Assert.False(ServerEndpoint.TryParse(text, tls: false, out _));

    [Fact]
    public void Tries_what_worked_last_and_then_from_the_best()
    {
        var ladder = new ServerLadder(3);
        Assert.Equal([0, 1, 2], ladder.Round());

        ladder.Found(1);
        ladder.Succeeded();
        Assert.Equal([1, 0, 2], ladder.Round());

        // Once may be the network.
        ladder.Failed();
        Assert.Equal([1, 0, 2], ladder.Round());
        ladder.Failed();
        Assert.Equal([2, 0, 1], ladder.Round());

        ladder.Exhausted();
        Assert.Equal([0, 1, 2], ladder.Round());
    }
}
