namespace ArtMqtt.Broker.Tests.Fuzz;

/// <summary>Changes bytes by chance, in the ways that find mistakes in decoders.</summary>
internal sealed class ByteMutator(Random random)
{
    private static readonly byte[] _borders = [0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF];

    /// <summary>The bytes with one to three changes; the given ones stay.</summary>
    /// <param name="bytes">Where to begin.</param>
    /// <param name="other">Something to take pieces from.</param>
    public byte[] Mutate(byte[] bytes, byte[] other)
    {
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            bytes = Change(bytes, other);
        }

        return bytes;
    }

    private byte[] Change(byte[] bytes, byte[] other)
    {
        if (bytes.Length == 0)
        {
            return other;
        }

        var at = random.Next(bytes.Length);
        switch (random.Next(10))
        {
            case 0: // a bit
                return With(bytes, at, (byte)(bytes[at] ^ (1 << random.Next(8))));
            case 1: // a border value
                return With(bytes, at, _borders[random.Next(_borders.Length)]);
            case 2: // any value
                return With(bytes, at, (byte)random.Next(256));
            case 3: // cut
                return bytes[..at];
            case 4: // a lie about the length
                return With(bytes, Math.Min(1, bytes.Length - 1), (byte)random.Next(256));
            case 5: // a piece twice
                var end = random.Next(at, bytes.Length);
                return [.. bytes[..end], .. bytes[at..end], .. bytes[end..]];
            case 6: // a piece missing
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 5))..]];
            case 7: // the end of something else
                return [.. bytes[..at], .. other[random.Next(other.Length + 1)..]];
            case 8: // noise
                var noise = new byte[random.Next(1, 9)];
                random.NextBytes(noise);
                return [.. bytes[..at], .. noise, .. bytes[at..]];
            default: // a longer length field than needed
                return bytes.Length < 2 || bytes[1] > 0x7F ? bytes : [bytes[0], (byte)(bytes[1] | 0x80), 0x00, .. bytes[2..]];
        }
    }

    private static byte[] With(byte[] bytes, int at, byte value)
    {
        byte[] copy = [.. bytes];
        copy[at] = value;
        return copy;
    }
}
