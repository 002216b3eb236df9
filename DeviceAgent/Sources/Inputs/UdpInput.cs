using System.Net;
using System.Net.Sockets;

namespace ArtMqtt.DeviceAgent.Sources.Inputs;

/// <summary>A receiver that sends datagrams to us, for example a phone or a router in the vehicle.</summary>
/// <param name="local">Address and port to listen on.</param>
internal sealed class UdpInput(IPEndPoint local) : IReceiverInput
{
    /// <inheritdoc/>
    public string Name => $"UDP {local}";

    /// <inheritdoc/>
    public bool IsLive => true;

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(local);
            return new(new DatagramStream(socket));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
