using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Fuzz;

/// <summary>Valid packets of every type, with fields by chance: what mutations start from.</summary>
/// <remarks>Few names, so that packets meet: sessions are resumed and taken over, topics have subscribers.</remarks>
internal sealed class FuzzCorpus(Random random, Level level)
{
    private static readonly string[] _topics = ["a", "a/b", "a/b/c", "/", "a//c", "$x/y", "é/𝄞", "fuzz/long/topic/with/many/levels"];
    private static readonly string[] _filters = ["a", "a/+", "a/#", "#", "+/+", "$share/g/a/#", "$share/h/+", "+/b/#", "test/nosubscribe"];

    /// <summary>A CONNECT.</summary>
    public byte[] Connect() => new ConnectFields
    {
        ClientId = random.Next(4) == 0 ? "" : $"fuzz-{random.Next(20)}",
        IsClean = random.Next(2) == 0,
        KeepAliveSeconds = (ushort)random.Next(3),
        User = random.Next(3) == 0 ? "user" : null,
        Password = random.Next(6) == 0 ? "password" : null,
        Will = random.Next(3) == 0 ? NewWill() : null,
        Properties = Some(
            Property.SessionExpiry((uint)random.Next(3)), Property.ReceiveMaximum((ushort)random.Next(1, 5)),
            Property.MaximumPacketSize((uint)random.Next(20, 2_000)), Property.TopicAliasMaximum((ushort)random.Next(4)),
            Property.User("a", "b"), new Property(PropertyId.RequestProblemInformation, 0u)),
    }.Encode(level);

    /// <summary>Any packet but CONNECT, those that only a server sends among them.</summary>
    public byte[] Any() => random.Next(14) switch
    {
        0 or 1 or 2 => Publish(),
        3 or 4 => Subscribe(),
        5 => Packets.Unsubscribe(level, Id(), Pick(_filters), Pick(_filters)),
        6 => Packets.Acknowledge(PacketType.PubAck, Id()),
        7 => Packets.Acknowledge(PacketType.PubRec, Id(), (byte)(random.Next(2) * 0x80)),
        8 => Packets.Acknowledge(PacketType.PubRel, Id()),
        9 => Packets.Acknowledge(PacketType.PubComp, Id()),
        10 => Packets.PingReq,
        11 => random.Next(4) == 0 ? Packets.Disconnect((byte)random.Next(5), Some(Property.SessionExpiry(1))) : Packets.PingReq,
        12 => Packets.Auth((byte)random.Next(0x1A), Some(new Property(PropertyId.AuthenticationMethod, "m"))),
        _ => [(byte)(random.Next(16) << 4), 2, 0, 1],
    };

    private byte[] Publish()
    {
        var payload = new byte[random.Next(8) == 0 ? random.Next(3_000) : random.Next(20)];
        random.NextBytes(payload);
        return Packets.Publish(level, new PublishFields(Pick(_topics))
        {
            QoS = random.Next(3),
            PacketId = Id(),
            IsRetained = random.Next(5) == 0,
            IsDuplicate = random.Next(10) == 0,
            Bytes = payload,
            Properties = Some(
                Property.MessageExpiry((uint)random.Next(3)), Property.TopicAlias((ushort)random.Next(1, 4)),
                Property.PayloadFormat(1), Property.ContentType("t"), Property.ResponseTopic("a/b"),
                Property.CorrelationData(1, 2, 3), Property.User("k", "v"), Property.User("k", "w")),
        });
    }

    private byte[] Subscribe() => Packets.Subscribe(
        level, Id(), [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => (Pick(_filters), Options()))],
        Some(Property.SubscriptionId((uint)random.Next(1, 300)), Property.User("k", "v")));

    private byte Options() => (byte)(random.Next(3) | (level == Level.V5 ? random.Next(12) << 2 : 0));

    private Will NewWill() => new(Pick(_topics), "will")
    {
        QoS = random.Next(3),
        IsRetained = random.Next(4) == 0,
        Properties = Some(Property.WillDelay((uint)random.Next(3)), Property.MessageExpiry(1), Property.User("w", "x")),
    };

    private ushort Id() => (ushort)random.Next(1, 8);

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];

    private Property[] Some(params Property[] properties) =>
        random.Next(2) == 0 ? [] : [.. properties.Where(_ => random.Next(3) == 0)];
}
