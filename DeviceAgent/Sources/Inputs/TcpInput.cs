using System.Net.Sockets;
using System.Text;

namespace ArtMqtt.DeviceAgent.Sources.Inputs;

/// <summary>A receiver that serves TCP; the connection is made by us.</summary>
/// <param name="host">Name or address.</param>
/// <param name="port">TCP port.</param>
/// <param name="greeting">What is sent first, or empty.</param>
internal sealed class TcpInput(string host, int port, string greeting = "") : IReceiverInput
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Name => $"{host}:{port}";

    /// <inheritdoc/>
    public bool IsLive => true;

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // A receiver has nothing to say while it has no fix, and a dead one neither: the system finds out.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(host, port, cancellationToken).AsTask()
                .WaitAsync(_longest, TimeProvider.System, cancellationToken);
            await socket.SendAsync(Encoding.ASCII.GetBytes(greeting), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
