using System.Net;
using ArtMqtt.Broker.Mqtt.Connections;
using ArtMqtt.Broker.Mqtt.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Connections;

namespace ArtMqtt.Broker.Devices;

/// <summary>With what a client comes, and from where, for those who look after it.</summary>
/// <param name="ClientId">Its MQTT client id.</param>
/// <param name="Address">IP address; empty when not known.</param>
/// <param name="Protocol">Protocol and transport, for example <c>MQTT 5, tls</c>.</param>
/// <param name="Agent">Program and version, as its CONNECT says in the user property <c>agent</c>; else empty.</param>
internal sealed record ClientOrigin(string ClientId, string Address, string Protocol, string Agent)
{
    /// <summary>Of a connection that was opened or refused.</summary>
    public static ClientOrigin Of(ConnectionContext connection, ConnectPacket connect, ConnectTerms terms) => new(
        terms.ClientId, AddressOf(connection.RemoteEndPoint), $"{NameOf(connect.Version)}, {TransportOf(connection)}",
        connect.Properties.Agent ?? "");

    private static string AddressOf(EndPoint? remote) => remote is not IPEndPoint { Address: { } address } ? ""
        : address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString()
        : address.ToString();

    private static string NameOf(ProtocolVersion version) => version switch
    {
        ProtocolVersion.V5 => "MQTT 5",
        ProtocolVersion.V31 => "MQTT 3.1",
        _ => "MQTT 3.1.1",
    };

    private static string TransportOf(ConnectionContext connection) =>
        connection.GetHttpContext() is not null ? "websocket"
        : connection.Features.Get<ITlsHandshakeFeature>() is not null ? "tls"
        : "tcp";
}
