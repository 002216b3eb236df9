using System.Net.WebSockets;

namespace ArtMqtt.WebGateway.Changes.Wire;

/// <summary>One message to a client, in up to three parts; what is the same for several clients is shared.</summary>
/// <param name="Type">Text or binary.</param>
/// <param name="Head">First part.</param>
/// <param name="Body">Second part, perhaps empty.</param>
/// <param name="Tail">Third part, perhaps empty.</param>
internal readonly record struct Frame(
    WebSocketMessageType Type, ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Body = default,
    ReadOnlyMemory<byte> Tail = default)
{
    public int Length => Head.Length + Body.Length + Tail.Length;

    public void CopyTo(Span<byte> buffer)
    {
        Head.Span.CopyTo(buffer);
        Body.Span.CopyTo(buffer[Head.Length..]);
        Tail.Span.CopyTo(buffer[(Head.Length + Body.Length)..]);
    }
}
