using System.Diagnostics;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;
using ArtMqtt.TestKit;

namespace ArtMqtt.Broker.Tests.Foreign;

/// <summary>The broker with Mosquitto's command line clients.</summary>
public sealed class MosquittoClientTests(ConformanceBroker broker)
{
    [Theory]
    [InlineData("mqttv311", 0)]
    [InlineData("mqttv311", 1)]
    [InlineData("mqttv311", 2)]
    [InlineData("mqttv5", 0)]
    [InlineData("mqttv5", 1)]
    [InlineData("mqttv5", 2)]
    public async Task Passes_a_message_from_one_to_the_other(string version, int qos)
    {
        var topic = Names.Topic();
        await PublishAsync("-V", version, "-q", $"{qos}", "-r", "-t", topic, "-m", "message");

        var output = await SubscribeAsync("-V", version, "-q", "2", "-t", topic, "-C", "1", "-F", "%t %q %r %p");

        Assert.Equal($"{topic} {qos} 1 message", output);
        await PublishAsync("-V", version, "-q", "1", "-r", "-n", "-t", topic);
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task Keeps_messages_for_a_session(string version)
    {
        var (topic, id) = (Names.Topic(), Names.Unique("mosquitto"));
        string[] session = ["-V", version, "-i", id, "-c", "-q", "1", "-t", topic, .. version == "mqttv5" ? ["-x", "60"] : Array.Empty<string>()];
        await SubscribeAsync([.. session, "-E"]);
        await PublishAsync("-V", version, "-q", "1", "-t", topic, "-m", "one");
        await PublishAsync("-V", version, "-q", "2", "-t", topic, "-m", "two");

        Assert.Equal("one\ntwo", await SubscribeAsync([.. session, "-C", "2"]));
    }

    [Fact]
    public async Task Passes_properties_on()
    {
        var topic = Names.Topic();
        await PublishAsync(
            "-V", "mqttv5", "-q", "1", "-r", "-t", topic, "-m", "message",
            "-D", "publish", "content-type", "text", "-D", "publish", "response-topic", "answers",
            "-D", "publish", "correlation-data", "id", "-D", "publish", "user-property", "a", "1");

        var output = await SubscribeAsync("-V", "mqttv5", "-t", topic, "-C", "1", "-F", "%C %R %D %P");

        Assert.Equal("text answers id a:1", output);
        await PublishAsync("-V", "mqttv5", "-q", "1", "-r", "-n", "-t", topic);
    }

    [Fact]
    public async Task Answers_a_request()
    {
        var topic = Names.Topic();
        using var server = await broker.SubscribeAsync(Level.V5, topic, 1);
        var request = RunAsync("mosquitto_rr", "-V", "mqttv5", "-q", "1", "-t", topic, "-e", topic + "/answers", "-m", "question", "-W", "60");

        var question = await server.ReceiveAsync();
        await server.PublishAsync(new PublishFields(question.Text(PropertyId.ResponseTopic)!, "answer") { QoS = 1 });

        Assert.Equal("answer", await request);
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task Publishes_many_lines_in_order(string version)
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(Level.V5, topic, 1);
        var (_, port) = await EndAsync();

        await RunShellAsync($"seq 500 | mosquitto_pub -h 127.0.0.1 -p {port} -V {version} -q 1 -t '{topic}' -l");

        for (var i = 1; i <= 500; i++)
        {
            Assert.Equal($"{i}", (await subscriber.ReceiveAsync()).Payload);
        }
    }

    private async Task<string> SubscribeAsync(params string[] arguments) =>
        await RunAsync("mosquitto_sub", ["-W", "60", .. arguments]);

    private async Task PublishAsync(params string[] arguments) => await RunAsync("mosquitto_pub", arguments);

    private async Task<(string Host, string Port)> EndAsync()
    {
        var server = await broker.AddressAsync();
        return ($"{server.Address}", $"{server.Port}");
    }

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (host, port) = await EndAsync();
        return await RunAsync(new ProcessStartInfo(program, ["-h", host, "-p", port, .. arguments]));
    }

    private static Task<string> RunShellAsync(string command) => RunAsync(new ProcessStartInfo("bash", ["-c", command]));

    private static async Task<string> RunAsync(ProcessStartInfo start)
    {
        var result = await ProcessRunner.RunAsync(start, TimeSpan.FromMinutes(2));
        Assert.True(result.ExitCode == 0, $"{start.FileName} ended with {result.ExitCode}: {result.Output}{result.Error}");
        return result.Output.Trim();
    }
}
