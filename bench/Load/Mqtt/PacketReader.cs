namespace ArtMqtt.Load.Mqtt;

/// <summary>Finds whole packets in received bytes.</summary>
internal ref struct PacketReader(ReadOnlySpan<byte> received)
{
    private readonly ReadOnlySpan<byte> _received = received;
    private int _at;

    /// <summary>What is left: the beginning of a packet that has not arrived completely.</summary>
    public readonly ReadOnlySpan<byte> Rest => _received[_at..];

    /// <summary>The next whole packet, if there is one.</summary>
    /// <exception cref="InvalidDataException">The length is not a length.</exception>
    public bool TryRead(out byte first, out ReadOnlySpan<byte> body)
    {
        first = 0;
        body = default;
        var rest = Rest;
        if (rest.Length < 2)
        {
            return false;
        }

        var length = 0;
        for (var i = 1; i < MqttPackets.MaxHeader; i++)
        {
            if (i >= rest.Length)
            {
                return false;
            }

            length |= (rest[i] & 0x7F) << (7 * (i - 1));
            if ((rest[i] & 0x80) == 0)
            {
                var start = i + 1;
                if (rest.Length - start < length)
                {
                    return false;
                }

                first = rest[0];
                body = rest.Slice(start, length);
                _at += start + length;
                return true;
            }
        }

        throw new InvalidDataException("A packet length has more than four bytes.");
    }
}
