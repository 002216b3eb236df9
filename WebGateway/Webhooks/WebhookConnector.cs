using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Webhooks;

/// <summary>
/// Connects to endpoints. Names are looked up here and the address that is looked at is the one that is connected to, so
/// that a name cannot lead to another address afterwards.
/// </summary>
internal sealed class WebhookConnector(AddressRules rules, IOptions<WebhookOptions> options)
{
    private readonly bool _hasProxy = options.Value.Proxy is not null;

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="AddressNotAllowedException">The name has no address that may be called.</exception>
    public async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint;
        var found = await Dns.GetHostAddressesAsync(host.Host, cancellationToken);
        // The address of the proxy is the operator's choice; what it connects to is the proxy's.
        var allowed = _hasProxy ? found : Array.FindAll(found, rules.Allows);
        if (allowed.Length == 0)
        {
            throw new AddressNotAllowedException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, host.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
