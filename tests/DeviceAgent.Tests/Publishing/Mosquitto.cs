using ArtMqtt.TestKit;

namespace ArtMqtt.DeviceAgent.Tests.Publishing;

/// <summary>A real MQTT server, where it is installed.</summary>
internal static class Mosquitto
{
    /// <summary>Starts it; the test is skipped when Mosquitto is not installed.</summary>
    /// <param name="settings">Further lines of mosquitto.conf.</param>
    public static Task<MosquittoServer> StartAsync(params string[] settings)
    {
        Assert.SkipUnless(MosquittoServer.IsInstalled, "Mosquitto is not installed.");
        return MosquittoServer.StartAsync(TestContext.Current.CancellationToken, settings);
    }
}
