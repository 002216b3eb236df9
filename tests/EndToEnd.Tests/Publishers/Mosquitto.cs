using System.Diagnostics;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests.Publishers;

/// <summary>Debian's <c>mosquitto_pub</c> and <c>mosquitto_sub</c>.</summary>
internal static class Mosquitto
{
    private const string Program = "mosquitto_pub";
    private const string Subscriber = "mosquitto_sub";

    /// <summary>Publishes one payload with QoS 1.</summary>
    public static Task<ProcessResult> PublishAsync(
        NodeProcess node, Credential device, string version, string topic, string payload)
    {
        Programs.Require(Program);
        return ProcessRunner.RunAsync(
            new ProcessStartInfo(Program, [
                "-h", "127.0.0.1", "-p", $"{node.MqttPort}", "-V", version, "-q", "1", "-d", "-u", device.DeviceId,
                "-P", device.Secret, "-t", topic, "-m", payload]),
            TimeSpan.FromMinutes(1));
    }

    /// <summary>The retained message of a topic, or the next one, as the customer of a request gets it.</summary>
    public static async Task<string> ReadAsync(NodeProcess node, Job job, string topic)
    {
        Programs.Require(Subscriber);
        var result = await ProcessRunner.RunAsync(
            new ProcessStartInfo(Subscriber, [
                "-h", "127.0.0.1", "-p", $"{node.MqttPort}", "-q", "1", "-u", "customer", "-P", job.Token, "-C", "1", "-t", topic]),
            TimeSpan.FromMinutes(1));
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }
}
