using System.Text;

namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>
/// The properties of one packet that mean something to a server; null where the client sent none. Others are checked
/// and skipped.
/// </summary>
internal struct PropertySet
{
    private ulong _seen;

    public uint? SessionExpiryInterval { get; private set; }

    public uint? MessageExpiryInterval { get; private set; }

    public uint? WillDelayInterval { get; private set; }

    public uint? MaximumPacketSize { get; private set; }

    public uint? SubscriptionIdentifier { get; private set; }

    public ushort? ReceiveMaximum { get; private set; }

    public ushort? TopicAliasMaximum { get; private set; }

    public ushort? TopicAlias { get; private set; }

    public bool? RequestProblemInformation { get; private set; }

    public string? AuthenticationMethod { get; private set; }

    public string? ContentType { get; private set; }

    /// <summary>Value of the first user property <c>agent</c>, where somebody reads it: in CONNECT.</summary>
    public string? Agent { get; private set; }

    /// <summary>What travels on to subscribers, as it was received.</summary>
    public byte[]? Forwarded { get; private set; }

    /// <summary>Reads a packet's properties with their length in front.</summary>
    /// <param name="reader">Stands at the length.</param>
    /// <param name="allowed">One of <see cref="PropertyScope"/>.</param>
    public static PropertySet Read(ref WireReader reader, ulong allowed)
    {
        var set = new PropertySet();
        var length = reader.VariableNumber();
        reader.Require(length <= reader.Left, ReasonCode.MalformedPacket);
        if (length == 0 || reader.Fault != ReasonCode.Success)
        {
            return set;
        }

        var block = reader.Take((int)length);
        var inner = new WireReader(block);
        var forwarded = 0;
        var kept = block.Length <= 512 ? stackalloc byte[block.Length] : new byte[block.Length];
        while (!inner.IsEnd)
        {
            var start = block.Length - inner.Left;
            var id = inner.VariableNumber();
            set.ReadOne(ref inner, id, allowed);
            if (inner.Fault != ReasonCode.Success)
            {
                reader.Fail(inner.Fault);
                return set;
            }

            if (((PropertyScope.Forwarded >> (int)id) & 1) == 1)
            {
                var one = block[start..^inner.Left];
                one.CopyTo(kept[forwarded..]);
                forwarded += one.Length;
            }
        }

        set.Forwarded = forwarded > 0 && (allowed & (1UL << (int)PropertyId.MessageExpiryInterval)) != 0
            ? kept[..forwarded].ToArray()
            : null;
        return set;
    }

    private void ReadOne(ref WireReader reader, uint id, ulong allowed)
    {
        reader.Require(PropertyScope.IsKnown(id), ReasonCode.MalformedPacket);
        if (reader.Fault != ReasonCode.Success)
        {
            return;
        }

        var bit = 1UL << (int)id;
        var isRepeated = (_seen & bit) != 0 && (PropertyId)id != PropertyId.UserProperty;
        reader.Require((allowed & bit) != 0 && !isRepeated, ReasonCode.ProtocolError);
        _seen |= bit;
        switch ((PropertyId)id)
        {
            case PropertyId.PayloadFormatIndicator or PropertyId.RequestResponseInformation:
                Flag(ref reader);
                break;
            case PropertyId.RequestProblemInformation:
                RequestProblemInformation = Flag(ref reader);
                break;
            case PropertyId.MessageExpiryInterval:
                MessageExpiryInterval = reader.LongNumber();
                break;
            case PropertyId.SessionExpiryInterval:
                SessionExpiryInterval = reader.LongNumber();
                break;
            case PropertyId.WillDelayInterval:
                WillDelayInterval = reader.LongNumber();
                break;
            case PropertyId.MaximumPacketSize:
                MaximumPacketSize = NotZero(ref reader, reader.LongNumber());
                break;
            case PropertyId.SubscriptionIdentifier:
                SubscriptionIdentifier = NotZero(ref reader, reader.VariableNumber());
                break;
            case PropertyId.ReceiveMaximum:
                ReceiveMaximum = (ushort)NotZero(ref reader, reader.Number());
                break;
            case PropertyId.TopicAliasMaximum:
                TopicAliasMaximum = reader.Number();
                break;
            case PropertyId.TopicAlias:
                TopicAlias = reader.Number();
                reader.Require(TopicAlias != 0, ReasonCode.TopicAliasInvalid);
                break;
            case PropertyId.ContentType:
                ContentType = reader.String();
                break;
            case PropertyId.AuthenticationMethod:
                AuthenticationMethod = reader.String();
                break;
            case PropertyId.ResponseTopic:
                reader.Require(reader.Text().IndexOfAny("+#"u8) < 0, ReasonCode.ProtocolError);
                break;
            case PropertyId.UserProperty:
                ReadUserProperty(ref reader, isRead: (allowed & (1UL << (int)PropertyId.RequestProblemInformation)) != 0);
                break;
            case PropertyId.ReasonString:
                reader.Text();
                break;
            case PropertyId.CorrelationData or PropertyId.AuthenticationData:
                reader.Binary();
                break;
            default:
                reader.Fail(ReasonCode.ProtocolError);
                break;
        }
    }

    private void ReadUserProperty(ref WireReader reader, bool isRead)
    {
        var name = reader.Text();
        var value = reader.Text();
        if (isRead && Agent is null && name.SequenceEqual("agent"u8))
        {
            Agent = Encoding.UTF8.GetString(value);
        }
    }

    private static bool Flag(ref WireReader reader)
    {
        var value = reader.Byte();
        reader.Require(value <= 1, ReasonCode.ProtocolError);
        return value == 1;
    }

    private static uint NotZero(ref WireReader reader, uint value)
    {
        reader.Require(value != 0, ReasonCode.ProtocolError);
        return value;
    }
}
