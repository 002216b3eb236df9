namespace ArtMqtt.Load.Mqtt;

/// <summary>MQTT control packets the generator sends or understands.</summary>
internal enum PacketType : byte
{
    Connect = 1,
    ConnAck = 2,
    Publish = 3,
    PubAck = 4,
    Subscribe = 8,
    SubAck = 9,
    PingRequest = 12,
    PingResponse = 13,
    Disconnect = 14,
}
