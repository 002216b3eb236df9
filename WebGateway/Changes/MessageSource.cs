using System.Buffers;
using System.Net.WebSockets;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>Reads whole messages from a socket, within the limits of size, rate and silence.</summary>
internal sealed class MessageSource(WebSocket socket, RealtimeOutbox outbox, ChangeOptions options, TimeProvider time)
{
    private const int FirstBuffer = 4 * 1024;
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private long _secondStarted = time.GetTimestamp();
    private int _inThisSecond;

    /// <summary>Hands over each message, one after the other, until the client leaves, is silent or breaks a limit.</summary>
    public async Task ReadAsync(Func<bool, ReadOnlyMemory<byte>, Task> handle)
    {
        try
        {
            while (await ReadMessageAsync(handle))
            {
                await SlowDownAsync();
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // Gone without a goodbye, or silent for too long.
        }
    }

    private async Task<bool> ReadMessageAsync(Func<bool, ReadOnlyMemory<byte>, Task> handle)
    {
        using var silence = new CancellationTokenSource(options.IdleTimeout, time);

        // Waiting takes no buffer: most connections wait most of the time.
        var received = await socket.ReceiveAsync(Memory<byte>.Empty, silence.Token);
        if (received.MessageType == WebSocketMessageType.Close)
        {
            return false;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            var length = 0;
            do
            {
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                received = await socket.ReceiveAsync(buffer.AsMemory(length), silence.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    return false;
                }

                length += received.Count;
                if (length > options.MaxMessageBytes)
                {
                    outbox.Close(WebSocketCloseStatus.MessageTooBig, $"Messages have {options.MaxMessageBytes} bytes at most.");
                    return false;
                }
            }
            while (!received.EndOfMessage);

            await handle(received.MessageType == WebSocketMessageType.Text, buffer.AsMemory(0, length));
            return socket.State == WebSocketState.Open;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task SlowDownAsync()
    {
        if (time.GetElapsedTime(_secondStarted) >= _second)
        {
            (_secondStarted, _inThisSecond) = (time.GetTimestamp(), 0);
        }

        if (++_inThisSecond > options.MaxMessagesPerSecond)
        {
            await Task.Delay(_second - time.GetElapsedTime(_secondStarted) is var rest && rest > TimeSpan.Zero ? rest : TimeSpan.Zero, time);
        }
    }
}
