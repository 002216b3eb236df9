using System.Net;
using System.Net.Sockets;

namespace ArtMqtt.Load.Sockets;

/// <summary>Load goes to this machine only: the generator is a measuring tool and must not be a weapon.</summary>
internal static class Loopback
{
    /// <summary>Reads an address and refuses everything but loopback.</summary>
    public static IPAddress Parse(string host)
    {
        var address = host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host, out var parsed) ? parsed : null;
        return address is not null && IPAddress.IsLoopback(address)
            ? address
            : throw new ArgumentException($"'{host}' is not a loopback address; load is only sent to this machine.");
    }

    /// <summary>The same rule for HTTP.</summary>
    public static Uri Parse(Uri url)
    {
        _ = Parse(url.Host.Trim('[', ']'));
        return url;
    }

    /// <summary>A connected, non-blocking socket without Nagle's delay.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="source">Own loopback address: each has some 28,000 ports. Null for any.</param>
    public static Socket Connect(IPEndPoint endpoint, IPAddress? source = null)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (source is not null)
            {
                socket.Bind(new IPEndPoint(source, 0));
            }

            socket.Connect(endpoint);
            socket.Blocking = false;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
