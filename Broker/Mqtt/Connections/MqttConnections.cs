using System.Net;
using System.Net.Sockets;
using ArtMqtt.Broker.Mqtt.Limits;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>Takes connections from Kestrel: TCP, TLS or WebSocket.</summary>
internal sealed partial class MqttConnections(BrokerParts parts, ILogger<MqttConnections> logger) : ConnectionHandler
{
    private const int KeepAliveIntervalSeconds = 15;
    private const int KeepAliveRetries = 4;

    private readonly ConnectionSlots _slots = new(parts.Options.MaxConnections);
    private readonly AddressSlots _addresses = new(parts.Options.MaxConnectionsPerAddress);
    private readonly LogLimiter _limiter = new(TimeSpan.FromSeconds(10), parts.Time);

    /// <summary>Refuses new connections from now on, and ends those that nobody has signed in on yet.</summary>
    public void Close()
    {
        _slots.Close();
        foreach (var connection in parts.Clients.All)
        {
            connection.EndWithoutConnect("stopping");
        }
    }

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (!_slots.TryTake())
        {
            Refuse("limit", connection.RemoteEndPoint);
            return;
        }

        var remote = connection.RemoteEndPoint;
        if (!_addresses.TryTake(remote))
        {
            _slots.Release();
            Refuse("address_limit", remote);
            return;
        }

        parts.Metrics.ConnectionOpened();
        try
        {
            Prepare(connection);
            await new ClientConnection(connection, parts).RunAsync();
        }
        finally
        {
            _addresses.Release(remote);
            _slots.Release();
            parts.Metrics.ConnectionEnded();
        }
    }

    private void Prepare(ConnectionContext connection)
    {
        if (connection.Features.Get<ITransferFormatFeature>() is { } format)
        {
            format.ActiveFormat = TransferFormat.Binary;
        }

        // A client without keep-alive that has gone without a word would keep its slot for ever.
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            var idle = (int)parts.Options.TcpKeepAlive.TotalSeconds;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, idle);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveRetries);
        }
    }

    private void Refuse(string reason, EndPoint? remote)
    {
        parts.Metrics.ConnectRefused(reason);
        if (_limiter.MayLog(out var hidden))
        {
            LogFull(remote, reason, hidden);
        }
    }

    [LoggerMessage(LogLevel.Warning,
        "Refused a connection from {Remote}: {Reason}: too many are open, or the broker is stopping ({Hidden} others)")]
    private partial void LogFull(EndPoint? remote, string reason, long hidden);
}
