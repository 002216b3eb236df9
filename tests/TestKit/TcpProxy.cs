using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ArtMqtt.TestKit;

/// <summary>
/// A network between a program and its server that a test can cut, stall, heal and point at another server. Listens on
/// loopback, on a port of its own.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly ConcurrentDictionary<Link, bool> _links = [];
    private readonly Task _accepting;
    private volatile TaskCompletionSource _open = Opened();
    private long _left = long.MaxValue;
    private volatile Action _atEnd = () => { };
    private int _ends;
    private long _bytes;

    /// <summary>Starts it in front of this port of loopback.</summary>
    public TcpProxy(int target)
    {
        Target = target;
        Port = Ports.Free();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where to connect to.</summary>
    public int Port { get; }

    /// <summary>Where new connections lead.</summary>
    public int Target { get; set; }

    /// <summary>How often <see cref="CutAfter"/> and <see cref="StallAfter"/> have come true.</summary>
    public int Faults => Volatile.Read(ref _ends);

    /// <summary>What has gone through, in both directions.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Cuts all connections; new ones are let through.</summary>
    public void Cut()
    {
        foreach (var link in _links.Keys)
        {
            link.Cut();
        }
    }

    /// <summary>Cuts all connections, once, when clients have sent so many bytes more.</summary>
    public void CutAfter(long bytes) => After(bytes, Cut);

    /// <summary>Stalls when clients have sent so many bytes more.</summary>
    public void StallAfter(long bytes) => After(bytes, Stall);

    /// <summary>Goes on accepting, and forwards nothing any more, in no direction.</summary>
    public void Stall() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Forwards again what still is connected.</summary>
    public void Heal() => _open.TrySetResult();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Heal();
        Cut();
        await _accepting;
    }

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private void After(long bytes, Action action)
    {
        _atEnd = action;
        Volatile.Write(ref _left, bytes);
    }

    private async Task AcceptAsync()
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                running.Add(ServeAsync(new Link(client)));
                running.RemoveAll(task => task.IsCompletedSuccessfully);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }

        Cut();
        await Task.WhenAll(running);
    }

    private async Task ServeAsync(Link link)
    {
        _links.TryAdd(link, true);
        try
        {
            await link.Server.ConnectAsync(IPAddress.Loopback, Target);
            await Task.WhenAny(
                ForwardAsync(link.Client, link.Server, isFromClient: true),
                ForwardAsync(link.Server, link.Client, isFromClient: false));
        }
        catch (SocketException)
        {
            // The server is not there, which the client sees as a connection that ends.
        }
        finally
        {
            _links.TryRemove(link, out _);
            link.Cut();
        }
    }

    private async Task ForwardAsync(Socket from, Socket to, bool isFromClient)
    {
        var buffer = new byte[16 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                await _open.Task;
                await to.SendAsync(buffer.AsMemory(0, count));
                Interlocked.Add(ref _bytes, count);
                if (isFromClient && Interlocked.Add(ref _left, -count) <= 0
                    && Interlocked.Exchange(ref _left, long.MaxValue) <= 0)
                {
                    _atEnd();
                    Interlocked.Increment(ref _ends);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    /// <summary>Two sockets that end together, with a reset: nobody says goodbye on a network that is cut.</summary>
    private sealed class Link(Socket client)
    {
        public Socket Client { get; } = client;

        public Socket Server { get; } = new(SocketType.Stream, ProtocolType.Tcp);

        public void Cut()
        {
            Client.Close(0);
            Server.Close(0);
        }
    }
}
