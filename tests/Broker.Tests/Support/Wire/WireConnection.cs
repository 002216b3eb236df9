using System.Net;
using System.Net.Sockets;

namespace ArtMqtt.Broker.Tests.Support.Wire;

/// <summary>A TCP connection that sends any bytes and receives whole packets.</summary>
internal sealed class WireConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[8192];
    private int _next;
    private int _filled;

    /// <summary>Longest wait for anything.</summary>
    public static TimeSpan Patience { get; } =
        TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("ARTMQTT_CONFORMANCE_PATIENCE") ?? "60"));

    public static async Task<WireConnection> OpenAsync(IPEndPoint server, int? receiveBufferBytes = null)
    {
        var connection = new WireConnection();
        if (receiveBufferBytes is { } bytes)
        {
            connection._socket.ReceiveBufferSize = bytes;
        }

        using var limit = Limit();
        await connection._socket.ConnectAsync(server, limit.Token);
        return connection;
    }

    public async Task SendAsync(byte[] bytes)
    {
        using var limit = Limit();
        await _socket.SendAsync(bytes, limit.Token);
    }

    /// <summary>The next packet, or null when the broker ended the connection.</summary>
    public async Task<(byte Header, byte[] Body)?> ReadAsync()
    {
        using var limit = Limit();
        if (await ByteAsync(limit.Token) is not { } header)
        {
            return null;
        }

        var (length, shift, more) = (0, 0, true);
        while (more && await ByteAsync(limit.Token) is { } digit)
        {
            length |= (digit & 0x7F) << shift;
            shift += 7;
            more = (digit & 0x80) != 0 && shift < 28;
        }

        var body = new byte[length];
        for (var i = 0; i < length; i++)
        {
            body[i] = await ByteAsync(limit.Token) ?? throw new InvalidDataException("The broker sent half a packet.");
        }

        return (header, body);
    }

    /// <summary>Sends FIN; the other direction stays open.</summary>
    public void FinishSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The broker was faster.
        }
    }

    public void Dispose() => _socket.Dispose();

    private static CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        return limit;
    }

    private async ValueTask<byte?> ByteAsync(CancellationToken cancellationToken)
    {
        if (_next == _filled)
        {
            (_next, _filled) = (0, await FillAsync(cancellationToken));
        }

        return _filled == 0 ? null : _buffer[_next++];
    }

    private async ValueTask<int> FillAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _socket.ReceiveAsync(_buffer, cancellationToken);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // The broker had unread bytes of ours when it closed.
            return 0;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Nothing came from the broker within {Patience.TotalSeconds} s.");
        }
    }
}
