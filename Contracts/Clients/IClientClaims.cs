namespace ArtMqtt.Contracts.Clients;

/// <summary>
/// Says, of several nodes, which one a client is connected to: the last one it came to. Where there is one node only, nobody needs it.
/// </summary>
public interface IClientClaims
{
    /// <summary>A client has connected here. Returns at once; what other nodes have of it ends soon.</summary>
    /// <param name="client">Names it.</param>
    /// <param name="taken">Called, once, when it has connected to another node since. Must return at once.</param>
    /// <returns>Dispose when the connection has ended.</returns>
    IDisposable Claim(string client, Action taken);
}
