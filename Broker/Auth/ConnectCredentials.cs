using System.Security.Cryptography.X509Certificates;

namespace ArtMqtt.Broker.Auth;

/// <summary>What a client shows to say who it is.</summary>
/// <param name="UserName">MQTT user name; when empty, the client id names the device.</param>
/// <param name="Password">MQTT password, UTF-8: a secret, an access token, or a JSON Web Token.</param>
/// <param name="ClientId">MQTT client id.</param>
/// <param name="Certificate">Its certificate, when it came by TLS with one; its chain was checked by the listener.</param>
internal readonly record struct ConnectCredentials(
    string? UserName, ReadOnlyMemory<byte> Password, string ClientId, X509Certificate2? Certificate = null);
