using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Status;

/// <summary>
/// Tells everybody who may read the spool's folder what the agent does: a line of JSON each second, on a Unix socket.
/// </summary>
internal sealed partial class StatusSocket : IAsyncDisposable
{
    /// <summary>How often it is told.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<AgentStatus> _read;
    private readonly TimeProvider _time;
    private readonly string _path;
    private readonly Task _running;

    private StatusSocket(string path, Func<AgentStatus> read, TimeProvider time)
    {
        (_path, _read, _time) = (path, read, time);
        // Left by an agent that was killed; the folder's lock says that it is gone.
        File.Delete(path);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _running = AcceptAsync();
    }

    /// <summary>Where the agent of a spool listens.</summary>
    public static string PathOf(string spool) => Path.Combine(spool, "agent.sock");

    /// <summary>Begins to listen; null when that is not possible there, which is no reason not to drive.</summary>
    public static StatusSocket? TryOpen(string spool, Func<AgentStatus> read, TimeProvider time, ILogger logger)
    {
        try
        {
            return new StatusSocket(PathOf(spool), read, time);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            LogNotOpened(logger, spool, e.Message);
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _listener.Dispose();
        File.Delete(_path);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptAsync(_end.Token)));
                serving.RemoveAll(task => task.IsCompleted);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The agent ends.
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(Socket client)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        try
        {
            while (true)
            {
                await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(_read(), AgentJson.Default.AgentStatus), _end.Token);
                await stream.WriteAsync("\n"u8.ToArray(), _end.Token);
                await Task.Delay(Period, _time, _end.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Seen enough, or the agent ends.
        }
    }

    [LoggerMessage(LogLevel.Warning, "No status can be told in {Spool} ({Reason})")]
    private static partial void LogNotOpened(ILogger logger, string spool, string reason);
}
