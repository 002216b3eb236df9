using System.Diagnostics;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests.Publishers;

/// <summary>Debian's <c>mosquitto_pub</c>.</summary>
internal static class Mosquitto
{
    private const string Program = "mosquitto_pub";

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
}
