using System.Net.Sockets;
using System.Text;

namespace ArtMqtt.TestKit;

/// <summary>Asks a Redis, a Sentinel or a node of a cluster something, each time through a connection of its own.</summary>
internal static class RedisWire
{
    /// <summary>Sends a command. Returns the beginning of the answer, as it is on the wire.</summary>
    public static async Task<string> AskAsync(string address, int port, string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address, port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        var answer = new byte[4_000];
        return Encoding.ASCII.GetString(answer, 0, await client.GetStream().ReadAsync(answer));
    }

    /// <summary>Whether this is part of the answer; false also when there is none.</summary>
    public static async Task<bool> SaysAsync(string address, int port, string command, string part)
    {
        try
        {
            return (await AskAsync(address, port, command)).Contains(part, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}
