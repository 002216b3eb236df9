using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ArtMqtt.DeviceAgent.Tests.Publishing;

/// <summary>
/// Something that listens where a server should: each connection is told something else that makes no sense, before or
/// after a CONNACK that does, and is then closed.
/// </summary>
internal sealed class NonsenseServer : IAsyncDisposable
{
    private static readonly byte[] _connack = [0x20, 3, 0, 0, 0];

    private static readonly byte[][] _answers =
    [
        _connack,
        [0x20, 6, 0, 0, 3, 0x21, 0, 20],
        [0x90, 4, 0, 1, 0, 1],
        [0x40, 4, 0, 1, 0, 0],
        [0x30, 8, 0, 1, (byte)'a', 0, 1, 2, 3, 4],
        [0xE0, 2, 0x8B, 0],
        [0xE0, 12, 0x8B, 10, 0x1F, 0, 7, .. "go away"u8],
        [0xF0, 1, 0],
        .. new[] { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", "220 smtp\r\n" }
            .Select(Encoding.ASCII.GetBytes),
    ];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Random _random = new(17);
    private readonly Task _running;
    private int _connections;

    public NonsenseServer()
    {
        _listener.Start();
        _running = RunAsync();
    }

    /// <summary>TCP port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many were told something.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _running;
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                // Those that only wait in a pool say nothing.
                client.ReceiveTimeout = 100;
                await Task.Run(() => Tell(client.GetStream()));
                Interlocked.Increment(ref _connections);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed.
        }
    }

    private void Tell(NetworkStream stream)
    {
        try
        {
            // What the client says first; closed on it, it would see a reset and no nonsense.
            _ = stream.Read(new byte[4096]);
            if (_random.Next(2) == 0)
            {
                stream.Write(_connack);
            }

            for (var n = _random.Next(4); n > 0; n--)
            {
                stream.Write(Nonsense());
            }

            stream.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // It had enough.
        }
    }

    private byte[] Nonsense()
    {
        if (_random.Next(4) == 0)
        {
            var noise = new byte[_random.Next(1, 200)];
            _random.NextBytes(noise);
            return noise;
        }

        byte[] answer = [.. _answers[_random.Next(_answers.Length)]];
        for (var n = _random.Next(3); n > 0; n--)
        {
            answer[_random.Next(answer.Length)] = (byte)_random.Next(256);
        }

        return _random.Next(4) == 0 ? answer[.._random.Next(answer.Length)] : answer;
    }
}
