using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ArtMqtt.DeviceAgent.Status;

/// <summary>Hears what a running agent tells.</summary>
internal static class StatusReader
{
    /// <summary>What the agent of a spool tells, until it ends; nothing when none runs.</summary>
    public static async IAsyncEnumerable<AgentStatus> ReadAsync(
        string spool, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        if (!await TryConnectAsync(socket, spool, cancellationToken))
        {
            yield break;
        }

        await using var stream = new NetworkStream(socket);
        using var lines = new StreamReader(stream);
        while (await TryReadAsync(lines, cancellationToken) is { } line)
        {
            yield return JsonSerializer.Deserialize(line, AgentJson.Default.AgentStatus)!;
        }
    }

    private static async Task<bool> TryConnectAsync(Socket socket, string spool, CancellationToken cancellationToken)
    {
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(StatusSocket.PathOf(spool)), cancellationToken);
            return true;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return false;
        }
    }

    private static async Task<string?> TryReadAsync(StreamReader lines, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadLineAsync(cancellationToken);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
