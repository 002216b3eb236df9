using System.Diagnostics;
using ArtMqtt.TestKit;
using ArtMqtt.TestKit.Networks;

namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>HAProxy before several nodes, with the configuration that is shipped.</summary>
internal sealed class HaProxy : IDisposable
{
    private const int Places = 3;
    private readonly Process _process;

    private HaProxy(Process process, string ipAddress, int httpPort, int mqttPort) =>
        (_process, IpAddress, HttpPort, MqttPort) = (process, ipAddress, httpPort, mqttPort);

    /// <summary>Where it listens.</summary>
    public string IpAddress { get; }

    /// <summary>Where the pages are.</summary>
    public int HttpPort { get; }

    /// <summary>Where devices connect.</summary>
    public int MqttPort { get; }

    /// <summary>Where the pages are.</summary>
    public Uri Address => new($"http://{IpAddress}:{HttpPort}");

    /// <summary>Starts it, and waits until it leads to a node.</summary>
    public static async Task<HaProxy> StartAsync(IReadOnlyList<NodeProcess> nodes, NetworkHost? host = null)
    {
        Programs.Require("haproxy");
        var (http, mqtt, nobody) = (Ports.Free(), Ports.Free(), Ports.Free());
        var start = new ProcessStartInfo(
            "haproxy", ["-db", "-q", "-f", Path.Combine(Repository.Root, "compose", "haproxy", "haproxy.cfg")]);
        var address = host?.Address ?? "127.0.0.1";
        start.Environment["HTTP_BIND"] = $"{address}:{http}";
        start.Environment["MQTT_BIND"] = $"{address}:{mqtt}";
        for (var place = 0; place < Places; place++)
        {
            var node = nodes.ElementAtOrDefault(place);
            start.Environment[$"NODE_{place + 1}_HTTP"] = $"{node?.IpAddress ?? address}:{node?.HttpPort ?? nobody}";
            start.Environment[$"NODE_{place + 1}_MQTT"] = $"{node?.IpAddress ?? address}:{node?.MqttPort ?? nobody}";
        }

        host?.Place(start);
        var proxy = new HaProxy(Process.Start(start)!, address, http, mqtt);
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
