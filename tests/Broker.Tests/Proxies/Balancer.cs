using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ArtMqtt.TestKit;

namespace ArtMqtt.Broker.Tests.Proxies;

/// <summary>HAProxy that passes TCP on, and says with the PROXY protocol from where.</summary>
internal sealed class Balancer : IDisposable
{
    private const string Program = "/usr/sbin/haproxy";
    private readonly TestFolder _folder = new();
    private readonly Process _process;

    private Balancer(int target, string header)
    {
        var configuration = Path.Combine(_folder.Path, "haproxy.cfg");
        File.WriteAllText(configuration, $"""
            defaults
              mode tcp
              timeout connect 10s
              timeout client 5m
              timeout server 5m
            listen mqtt
              bind 127.0.0.1:{Port}
              server node 127.0.0.1:{target} {header}

            """);
        _process = Process.Start(new ProcessStartInfo(Program, ["-db", "-q", "-f", configuration]))!;
    }

    public static bool IsInstalled => File.Exists(Program);

    public int Port { get; } = Ports.Free();

    /// <param name="target">Port of the node.</param>
    /// <param name="header">HAProxy's word for the version: send-proxy, send-proxy-v2.</param>
    public static async Task<Balancer> StartAsync(int target, string header)
    {
        Assert.SkipUnless(IsInstalled, "HAProxy is not installed (apt-get install haproxy).");
        var balancer = new Balancer(target, header);
        await Eventually.TrueAsync(
            async () =>
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await socket.ConnectAsync(IPAddress.Loopback, balancer.Port, TestContext.Current.CancellationToken);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            TestContext.Current.CancellationToken);
        return balancer;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }
}
