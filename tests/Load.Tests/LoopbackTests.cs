using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Tests;

public sealed class LoopbackTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1.2.3")]
    [InlineData("::1")]
    [InlineData("localhost")]
    public void Takes_this_machine(string host) => Assert.NotNull(Loopback.Parse(host));

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("0.0.0.0")]
    [InlineData("broker.example")]
    [InlineData("localhost.example")]
    public void Refuses_all_others(string host)
    {
        Assert.Throws<ArgumentException>(() => Loopback.Parse(host));
        Assert.Throws<ArgumentException>(() => Loopback.Parse(new Uri($"http://{host}:1883")));
    }
}
