using System.Net;
using System.Net.Sockets;

namespace ArtMqtt.TestKit;

/// <summary>TCP ports for test servers.</summary>
public static class Ports
{
    // Below what the system gives to outgoing connections: one of those must not take a server's port while the
    // server is being started, or is down for a test.
    private const int Lowest = 20_000;
    private const int Highest = 32_000;

    /// <summary>A port on loopback that nobody listens on at this moment.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(Lowest, Highest);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody's; try the next.
            }
        }
    }
}
