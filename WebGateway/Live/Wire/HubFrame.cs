using ArtMqtt.Live;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace ArtMqtt.WebGateway.Live.Wire;

/// <summary>
/// What one connection gets in one write: encoded messages side by side, as both hub protocols allow. Not thread safe.
/// </summary>
internal sealed class HubFrame(IHubProtocol protocol, EncodedEvents encoded)
{
    // What does not fit any more goes into the next write; far below what a connection buffers.
    private const int FullBytes = 16 * 1024;

    private readonly List<ReadOnlyMemory<byte>> _messages = [];
    private int _bytes;

    /// <summary>Nothing is in it.</summary>
    public bool IsEmpty => _messages.Count == 0;

    /// <summary>It should be written before more comes in.</summary>
    public bool IsFull => _bytes >= FullBytes;

    public void Add(Guid requestId, NumberedEvent numbered)
    {
        var message = encoded.ForHub(protocol, requestId, numbered);
        _messages.Add(message);
        _bytes += message.Length;
    }

    /// <summary>Takes everything out, ready to be written.</summary>
    public SerializedHubMessage Take()
    {
        var content = _messages.Count == 1 ? _messages[0] : Join();
        _messages.Clear();
        _bytes = 0;
        return new SerializedHubMessage([new SerializedMessage(protocol.Name, content)]);
    }

    private byte[] Join()
    {
        var joined = new byte[_bytes];
        var at = 0;
        foreach (var message in _messages)
        {
            message.CopyTo(joined.AsMemory(at));
            at += message.Length;
        }

        return joined;
    }
}
