using System.Diagnostics;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>HAProxy before several nodes, with the configuration that is shipped.</summary>
internal sealed class HaProxy : IDisposable
{
    private const int Places = 3;
    private readonly Process _process;

    private HaProxy(Process process, int httpPort, int mqttPort) => (_process, HttpPort, MqttPort) = (process, httpPort, mqttPort);

    /// <summary>Where the pages are.</summary>
    public int HttpPort { get; }

    /// <summary>Where devices connect.</summary>
    public int MqttPort { get; }

    /// <summary>Where the pages are.</summary>
    public Uri Address => new($"http://127.0.0.1:{HttpPort}");

    /// <summary>Starts it, and waits until it leads to a node.</summary>
    public static async Task<HaProxy> StartAsync(IReadOnlyList<NodeProcess> nodes)
    {
        Programs.Require("haproxy");
        var (http, mqtt, nobody) = (Ports.Free(), Ports.Free(), Ports.Free());
        var start = new ProcessStartInfo(
            "haproxy", ["-db", "-q", "-f", Path.Combine(Repository.Root, "compose", "haproxy", "haproxy.cfg")]);
        start.Environment["HTTP_BIND"] = $"127.0.0.1:{http}";
        start.Environment["MQTT_BIND"] = $"127.0.0.1:{mqtt}";
        for (var place = 0; place < Places; place++)
        {
            var node = nodes.ElementAtOrDefault(place);
            start.Environment[$"NODE_{place + 1}_HTTP"] = $"127.0.0.1:{node?.HttpPort ?? nobody}";
            start.Environment[$"NODE_{place + 1}_MQTT"] = $"127.0.0.1:{node?.MqttPort ?? nobody}";
        }

        var proxy = new HaProxy(Process.Start(start)!, http, mqtt);
        using var client = new HttpClient { BaseAddress = proxy.Address };
        await Soon.TrueAsync("a way through HAProxy", async () =>
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken);
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return proxy;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
