using System.Net;
using System.Net.Sockets;

namespace ArtMqtt.Broker.Tests.Fuzz;

/// <summary>Plays cases against a broker, several at a time, until enough packets were sent.</summary>
/// <param name="server">The broker.</param>
/// <param name="packets">Packets to send.</param>
/// <param name="firstCase">Number of the first case.</param>
internal sealed class FuzzRun(IPEndPoint server, long packets, int firstCase)
{
    private const int AtOnce = 16;
    private static readonly TimeSpan _hangs = TimeSpan.FromMinutes(1);

    private readonly List<string> _stuck = [];
    private long _sent;
    private int _played;

    public long Sent => Interlocked.Read(ref _sent);

    public int Cases => _played;

    /// <summary>Cases whose connection the broker did not end.</summary>
    public IReadOnlyList<string> Stuck => _stuck;

    public Task PlayAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(() => PlaySomeAsync(cancellationToken), cancellationToken)));

    private async Task PlaySomeAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[16_384];
        while (Sent < packets)
        {
            var one = FuzzCase.Create(firstCase + Interlocked.Increment(ref _played) - 1);
            Interlocked.Add(ref _sent, one.Packets);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_hangs);
            try
            {
                await PlayAsync(one, buffer, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                lock (_stuck)
                {
                    _stuck.Add($"case {one.Number}: {Convert.ToHexString(one.Bytes)}");
                }
            }
        }
    }

    private async Task PlayAsync(FuzzCase one, byte[] buffer, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // Closing with a reset leaves no port behind in TIME_WAIT: there are not millions of ports.
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        await socket.ConnectAsync(server, cancellationToken);
        try
        {
            await socket.SendAsync(one.Bytes, cancellationToken);
            socket.Shutdown(SocketShutdown.Send);
            while (await socket.ReceiveAsync(buffer, cancellationToken) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // The broker ended it first.
        }
    }
}
