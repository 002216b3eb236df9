using System.Net;
using System.Net.Sockets;

namespace ArtMqtt.TestKit;

/// <summary>TCP ports for test servers.</summary>
public static class Ports
{
    /// <summary>A port on loopback that nobody listens on at this moment.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
