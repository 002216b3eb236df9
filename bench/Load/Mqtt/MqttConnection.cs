using System.Net.Sockets;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Mqtt;

/// <summary>One MQTT connection: whole packets to the subclass.</summary>
internal abstract class MqttConnection(EpollLoop loop, Socket socket) : LoopConnection(loop, socket)
{
    /// <inheritdoc/>
    protected sealed override int Consume(ReadOnlySpan<byte> received)
    {
        var reader = new PacketReader(received);
        while (Ended is null && reader.TryRead(out var first, out var body))
        {
            OnPacket((PacketType)(first >> 4), first, body);
        }

        return received.Length - reader.Rest.Length;
    }

    /// <summary>One whole packet arrived; <paramref name="first"/> holds type and flags.</summary>
    protected abstract void OnPacket(PacketType type, byte first, ReadOnlySpan<byte> body);
}
