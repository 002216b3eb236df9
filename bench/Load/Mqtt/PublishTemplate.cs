namespace ArtMqtt.Load.Mqtt;

/// <summary>An encoded PUBLISH and where its changing parts are.</summary>
/// <param name="Packet">The whole packet.</param>
/// <param name="PacketIdAt">Offset of the two bytes of packet id.</param>
/// <param name="PayloadAt">Offset of the payload, which goes to the end.</param>
internal sealed record PublishTemplate(byte[] Packet, int PacketIdAt, int PayloadAt);
