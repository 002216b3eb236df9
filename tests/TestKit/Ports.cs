using System.Net;
using System.Net.Sockets;

namespace ArtMqtt.TestKit;

/// <summary>
/// TCP ports for test servers. Each test process has a block of its own, so that suites can run beside each other: none takes the
/// port of a server that another one is starting, or has killed for a test.
/// </summary>
public static class Ports
{
    // Below what the system gives to outgoing connections: one of those must not take a server's port either.
    private const int Lowest = 20_000;
    private const int Highest = 32_000;
    private const int BlockSize = 500;

    private static readonly Lock _lock = new();
    private static TcpListener? _block;
    private static int _next;

    /// <summary>A port on loopback that nobody listens on, and that this process has not been given for a long time.</summary>
    public static int Free()
    {
        lock (_lock)
        {
            // Its first port stays taken for as long as this process lives: that is what makes it ours.
            _block ??= TakeBlock();
            var first = ((IPEndPoint)_block.LocalEndpoint).Port;
            for (var i = 1; i < BlockSize; i++)
            {
                _next = (_next % (BlockSize - 1)) + 1;
                using var listener = TryListen(first + _next);
                if (listener is not null)
                {
                    return first + _next;
                }
            }
        }

        throw new InvalidOperationException("All ports of this process's block are taken.");
    }

    private static TcpListener TakeBlock()
    {
        const int blocks = (Highest - Lowest) / BlockSize;
        var some = Random.Shared.Next(blocks);
        for (var i = 0; i < blocks; i++)
        {
            var listener = TryListen(Lowest + ((some + i) % blocks * BlockSize));
            if (listener is not null)
            {
                return listener;
            }
        }

        throw new InvalidOperationException($"All blocks of ports between {Lowest} and {Highest} are taken: {blocks} test processes?");
    }

    private static TcpListener? TryListen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            listener.Dispose();
            return null;
        }
    }
}
