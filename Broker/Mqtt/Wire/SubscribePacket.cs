namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>One filter of a SUBSCRIBE with its options (MQTT 5, section 3.8.3.1).</summary>
/// <param name="Filter">Topic filter, not checked yet.</param>
/// <param name="Quality">Highest quality of service, 0 to 2.</param>
/// <param name="IsNoLocal">The client does not want what it publishes itself.</param>
/// <param name="IsRetainAsPublished">The retain flag stays as it was published.</param>
/// <param name="RetainHandling">Retained messages: 0 now, 1 now if the subscription is new, 2 not.</param>
internal readonly record struct FilterRequest(
    string Filter, byte Quality, bool IsNoLocal, bool IsRetainAsPublished, byte RetainHandling);

/// <summary>A SUBSCRIBE.</summary>
/// <param name="PacketId">To be named in the SUBACK.</param>
/// <param name="SubscriptionIdentifier">Number that comes with each message of these filters, or null.</param>
/// <param name="Filters">At least one.</param>
internal sealed record SubscribePacket(ushort PacketId, uint? SubscriptionIdentifier, List<FilterRequest> Filters)
{
    /// <summary>Reads the body.</summary>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="isVersion5">Whether options and properties are MQTT 5's.</param>
    /// <param name="packet">The packet, when it is right.</param>
    /// <returns>Why not, or <see cref="ReasonCode.Success"/>.</returns>
    public static ReasonCode TryRead(ReadOnlySpan<byte> body, bool isVersion5, out SubscribePacket? packet)
    {
        var reader = new WireReader(body);
        var id = reader.PacketId();
        var properties = isVersion5 ? PropertySet.Read(ref reader, PropertyScope.Subscribe) : default;
        var filters = new List<FilterRequest>();
        while (!reader.IsEnd)
        {
            filters.Add(ReadFilter(ref reader, isVersion5));
        }

        reader.Require(filters.Count > 0, ReasonCode.ProtocolError);
        packet = reader.Fault == ReasonCode.Success
            ? new SubscribePacket(id, properties.SubscriptionIdentifier, filters)
            : null;
        return reader.Fault;
    }

    private static FilterRequest ReadFilter(ref WireReader reader, bool isVersion5)
    {
        var filter = reader.String();
        var options = reader.Byte();
        var request = new FilterRequest(
            filter, (byte)(options & 3), (options & 4) != 0, (options & 8) != 0, (byte)((options >> 4) & 3));
        reader.Require(request.Quality < 3 && (options & (isVersion5 ? 0xC0 : 0xFC)) == 0, ReasonCode.MalformedPacket);
        reader.Require(
            request.RetainHandling < 3
                && !(request.IsNoLocal && filter.StartsWith("$share/", StringComparison.Ordinal)),
            ReasonCode.ProtocolError);
        return request;
    }
}
