using ArtMqtt.Load.Measure;

namespace ArtMqtt.Load.Mqtt;

/// <summary>What all publishers of one run share: the limits and the counts.</summary>
/// <param name="limit">Most positions to send in total.</param>
/// <param name="maxBehind">Most positions the subscribers may be behind; 0 when there are none.</param>
internal sealed class PublishRun(long limit, int maxBehind)
{
    /// <summary>False when publishers only collect what is still in flight.</summary>
    public bool IsSending { get; set; }

    /// <summary>Positions sent.</summary>
    public long Sent { get; set; }

    /// <summary>Positions acknowledged as taken.</summary>
    public long Acknowledged { get; set; }

    /// <summary>Positions the server answered with an error code (MQTT 5), by code.</summary>
    public SortedDictionary<byte, long> Refused { get; } = [];

    /// <summary>Publishes that reached the subscribers.</summary>
    public long Delivered { get; set; }

    /// <summary>Whether a publisher was held back because subscribers are behind.</summary>
    public bool HeldBack { get; set; }

    /// <summary>Publish to PUBACK.</summary>
    public Histogram Latency { get; } = new();

    /// <summary>Sent and answered, one way or the other.</summary>
    public long Answered => Acknowledged + Refused.Values.Sum();

    /// <summary>How many of <paramref name="wanted"/> publishes may be sent now.</summary>
    public int Allow(int wanted)
    {
        if (!IsSending)
        {
            return 0;
        }

        var room = limit - Sent;
        if (maxBehind > 0)
        {
            room = Math.Min(room, maxBehind - (Sent - Delivered));
            HeldBack |= room < wanted;
        }

        return (int)Math.Clamp(room, 0, wanted);
    }
}
