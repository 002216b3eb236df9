using ArtMqtt.Broker.Upstream;
using ArtMqtt.TestKit;

namespace ArtMqtt.Broker.Tests.Upstream;

public sealed class UpstreamRulesTests
{
    [Theory]
    [InlineData("broker.example.org", "mqtt://broker.example.org:1883")]
    [InlineData("10.0.0.1:1884", "mqtt://10.0.0.1:1884")]
    [InlineData("[::1]:1884", "mqtt://[::1]:1884")]
    [InlineData("mqtts://broker.example.org", "mqtts://broker.example.org:8883")]
    [InlineData("ws://broker.example.org:15675/ws", "ws://broker.example.org:15675/ws")]
    [InlineData("wss://broker.example.org", "wss://broker.example.org:443/mqtt")]
    public void A_server_is_given_as_people_write_it(string text, string address)
    {
        Assert.True(UpstreamServer.TryParse(text, out var server));
        Assert.Equal(address, server.ToString());
    }

    [Theory]
    [InlineData("http://broker.example.org")]
    [InlineData("broker.example.org:99999")]
    [InlineData("broker.example.org:0")]
    [InlineData("mqtt://broker.example.org/path")]
    [InlineData("mqtt://user:secret@broker.example.org")]
    [InlineData("")]
    public void Another_text_is_no_server(string text) => Assert.False(UpstreamServer.TryParse(text, out _));

    [Fact]
    public void Without_servers_nothing_is_asked_for() => Assert.Empty(Errors(new UpstreamOptions { Connections = 4 }));

    [Fact]
    public void A_wrong_setting_is_named_with_its_value_and_what_is_allowed()
    {
        var errors = Errors(new UpstreamOptions
        {
            Servers = ["a", "mqtt://user:geheim@b"],
            ClientId = "node/1",
            ShareGroup = "a+b",
            PasswordFile = "/nowhere/password",
            CaFile = "/nowhere/ca.pem",
            CertificateFile = "/nowhere/own.pem",
            Topics = [new UpstreamTopic { Filter = "fleet/+/gps", Topic = "art/devices/{2}/position" }],
        });

        Assert.Collection(
            errors,
            e => Assert.StartsWith("Broker:Upstream:Servers:1 is no server; allowed: HOST[:PORT], mqtt://", e, StringComparison.Ordinal),
            e => Assert.Contains("Broker:Upstream:ClientId is 'node/1'; allowed:", e, StringComparison.Ordinal),
            e => Assert.Contains("Broker:Upstream:ShareGroup is 'a+b'; allowed:", e, StringComparison.Ordinal),
            e => Assert.Contains("Broker:Upstream:PasswordFile needs Broker:Upstream:UserName", e, StringComparison.Ordinal),
            e => Assert.Contains("Broker:Upstream:Topics:0 is 'fleet/+/gps' to 'art/devices/{2}/position'; allowed:", e, StringComparison.Ordinal),
            e => Assert.Contains("Broker:Upstream:PasswordFile is '/nowhere/password'", e, StringComparison.Ordinal),
            e => Assert.Contains("Broker:Upstream:CaFile is '/nowhere/ca.pem'", e, StringComparison.Ordinal),
            e => Assert.Contains("Broker:Upstream:CertificateFile is '/nowhere/own.pem'", e, StringComparison.Ordinal));
        Assert.DoesNotContain(errors, e => e.Contains("geheim", StringComparison.Ordinal));
    }

    [Fact]
    public void Several_connections_need_a_group()
    {
        Assert.Contains("Broker:Upstream:Connections is '2'", Assert.Single(Errors(new UpstreamOptions { Servers = ["a"], Connections = 2 })), StringComparison.Ordinal);
        Assert.Empty(Errors(new UpstreamOptions { Servers = ["a"], Connections = 2, ShareGroup = "artmqtt" }));
    }

    [Fact]
    public void A_password_file_without_password_is_named()
    {
        using var folder = new TestFolder();
        var file = Path.Combine(folder.Path, "password");
        File.WriteAllText(file, "\n");

        Assert.Contains(
            "is empty", Assert.Single(Errors(new UpstreamOptions { Servers = ["a"], UserName = "node", PasswordFile = file })), StringComparison.Ordinal);
    }

    private static List<string> Errors(UpstreamOptions options) => [.. new UpstreamRules().Validate(null, options).Failures ?? []];
}
