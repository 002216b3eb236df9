using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Clocks;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>What a kept publish still needs before it is sent: a time that was not known then, and not to be too old.</summary>
internal sealed class Preparation(TimeSpan maxAge, BootClock clock, TimeProvider time)
{
    /// <summary>What is to be done with a publish; <paramref name="publish"/> is then what is to be sent.</summary>
    public PreparationVerdict Prepare(ref SpooledPublish publish)
    {
        if (publish.Boot is { } boot)
        {
            if (boot != clock.Boot)
            {
                return PreparationVerdict.TimeUnknown;
            }

            if (!clock.IsSet)
            {
                return PreparationVerdict.Wait;
            }

            publish = Correct(publish);
        }

        return maxAge != TimeSpan.MaxValue && TimeOf(publish) < time.GetUtcNow() - maxAge
            ? PreparationVerdict.TooOld
            : PreparationVerdict.Send;
    }

    /// <summary>Completes when what had to wait need not any more.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => clock.WaitAsync(cancellationToken);

    private SpooledPublish Correct(SpooledPublish publish)
    {
        var positions = new List<Position>();
        if (!PositionCodec.TryDecode(publish.Payload, publish.ContentType, int.MaxValue, positions, out _))
        {
            // The server says what is wrong with it.
            return publish with { Boot = null };
        }

        var corrected = positions.Select(p => p with { FixTime = clock.Correct(p.FixTime) }).ToArray();
        return new SpooledPublish(publish.Topic, PositionCodec.Encode(corrected, publish.Format));
    }

    private static DateTimeOffset TimeOf(in SpooledPublish publish)
    {
        var positions = new List<Position>();
        return PositionCodec.TryDecode(publish.Payload, publish.ContentType, int.MaxValue, positions, out _)
            ? positions.Max(p => p.FixTime)
            : DateTimeOffset.MaxValue;
    }
}

/// <summary>What is to be done with a kept publish.</summary>
internal enum PreparationVerdict
{
    /// <summary>Send it.</summary>
    Send,

    /// <summary>Its time is not known yet; neither it nor what is behind it can be sent.</summary>
    Wait,

    /// <summary>It is of an earlier start of the machine that never learned what time it was.</summary>
    TimeUnknown,

    /// <summary>It is older than anybody wants to know.</summary>
    TooOld,
}
