namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>Variable byte integers (MQTT 5, section 1.5.5): seven bits a byte, the lowest first, at most four.</summary>
internal static class VariableNumbers
{
    /// <summary>Most bytes of one.</summary>
    public const int MaxBytes = 4;

    /// <summary>How many bytes it takes.</summary>
    public static int Size(uint value) => value switch
    {
        < 1 << 7 => 1,
        < 1 << 14 => 2,
        < 1 << 21 => 3,
        _ => 4,
    };

    /// <summary>Writes it; returns how many bytes it took.</summary>
    public static int Write(Span<byte> target, uint value)
    {
        var count = 0;
        do
        {
            target[count] = (byte)((value & 0x7F) | (value > 0x7F ? 0x80u : 0));
            value >>= 7;
            count++;
        }
        while (value > 0);
        return count;
    }
}
