using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Proxies;

/// <summary>
/// Takes the header of the PROXY protocol from connections of trusted balancers, before TLS and before MQTT. From then on the
/// connection is of the address that it says: in limits, in the throttle of sign-ins, in lists and logs.
/// </summary>
internal sealed partial class ProxyProtocol(
    IOptions<ProxyProtocolOptions> options, BrokerMetrics metrics, TimeProvider time, ILogger<ProxyProtocol> logger)
{
    private readonly IReadOnlyList<IPNetwork> _trusted = [.. options.Value.TrustedProxies.Select(IPNetwork.Parse)];
    private readonly LogLimiter _limiter = new(TimeSpan.FromSeconds(10), time);

    /// <summary>Whether any balancer is trusted.</summary>
    public bool IsOn => _trusted.Count > 0;

    /// <summary>For <c>IConnectionBuilder.Use</c>.</summary>
    public ConnectionDelegate Wrap(ConnectionDelegate next) => async connection =>
    {
        if (!IsTrusted(connection.RemoteEndPoint) || await ReadAsync(connection))
        {
            await next(connection);
        }
    };

    private async Task<bool> ReadAsync(ConnectionContext connection)
    {
        using var limit = new CancellationTokenSource(options.Value.HeaderTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, connection.ConnectionClosed);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(either.Token);
                var came = result.Buffer;
                var state = ProxyHeader.Read(came, out var source, out var length);
                if (state == ProxyHeaderState.Complete)
                {
                    // What follows it is looked at by whoever reads next, without waiting for more.
                    var end = came.GetPosition(length);
                    input.AdvanceTo(end, end);
                    connection.RemoteEndPoint = source ?? connection.RemoteEndPoint;
                    return true;
                }

                input.AdvanceTo(came.Start, came.End);
                if (state == ProxyHeaderState.Invalid)
                {
                    return Refuse(connection, "what came is no header");
                }

                if (result.IsCompleted)
                {
                    // A balancer that looks whether the port is open says nothing at all.
                    return came.IsEmpty ? false : Refuse(connection, "it ended within the header");
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Refuse(connection, "no header came in time");
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionResetException or ConnectionAbortedException or IOException)
        {
            return false;
        }
    }

    private bool IsTrusted(EndPoint? remote) => remote is IPEndPoint { Address: var address }
        && _trusted.Any(network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    private bool Refuse(ConnectionContext connection, string why)
    {
        metrics.ConnectRefused("proxy_header");
        if (_limiter.MayLog(out var hidden))
        {
            LogRefused(connection.RemoteEndPoint, why, hidden);
        }

        return false;
    }

    [LoggerMessage(LogLevel.Warning,
        "Refused a connection of the balancer {Remote}: {Why}. Broker:ProxyProtocol:TrustedProxies holds it, so each of its connections must begin with a header of the PROXY protocol (HAProxy: send-proxy-v2) ({Hidden} others)")]
    private partial void LogRefused(EndPoint? remote, string why, long hidden);
}
