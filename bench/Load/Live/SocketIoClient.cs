using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Live;

/// <summary>A client of socket.io (engine.io 4, WebSocket only) by hand: it joins the room of a request, and may publish to it.</summary>
internal sealed class SocketIoClient(EpollLoop loop, Socket socket, LiveTally tally, string requestId)
    : WebSocketClient(loop, socket, tally, "/socket.io/?EIO=4&transport=websocket")
{
    /// <summary>Publishes a position with the fields that a node's event has.</summary>
    public void Publish(double latitude, long fixMs) => SendText(string.Create(
        CultureInfo.InvariantCulture,
        $$"""42["location:update",{"requestId":"{{requestId}}","lat":{{latitude:F6}},"lng":18.1,"timestamp":{{fixMs}},"speed":13.9,"heading":87.5,"accuracy":4.2}]"""));

    /// <inheritdoc/>
    public override void KeepAlive()
    {
        // The server asks, and is answered.
    }

    /// <inheritdoc/>
    protected override void OnOpened()
    {
        // The server begins.
    }

    /// <inheritdoc/>
    protected override void OnMessage(ReadOnlySpan<byte> message)
    {
        if (message.StartsWith("42"u8))
        {
            var key = "\"lat\":"u8;
            var at = message.IndexOf(key);
            if (at < 0 || !Utf8Parser.TryParse(message[(at + key.Length)..], out double latitude, out _))
            {
                throw new InvalidDataException("an event without a latitude");
            }

            Tally.Arrive(latitude);
        }
        else if (message.StartsWith("43"u8))
        {
            IsReady = true;
        }
        else if (message.StartsWith("40"u8))
        {
            SendText($$"""420["join:request","{{requestId}}"]""");
        }
        else if (message.StartsWith("0"u8))
        {
            SendText("40");
        }
        else if (message.SequenceEqual("2"u8))
        {
            SendText("3");
        }
        else
        {
            throw new InvalidDataException(Encoding.UTF8.GetString(message));
        }
    }

    private void SendText(string text) => SendMessage(Encoding.ASCII.GetBytes(text), isText: true);
}
