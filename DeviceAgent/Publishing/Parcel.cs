using ArtMqtt.Contracts.Positions;
using ArtMqtt.Spool;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>Consecutive records of the spool that go to the server as one publish.</summary>
/// <param name="First">Number of the first record.</param>
/// <param name="Last">Number of the last record.</param>
/// <param name="Publishes">What of them is to be sent, oldest first; all of one topic and format.</param>
internal sealed record Parcel(long First, long Last, IReadOnlyList<SpooledPublish> Publishes)
{
    /// <summary>Packs records.</summary>
    /// <param name="batch">What was read from the spool.</param>
    /// <param name="most">Most records in one parcel.</param>
    /// <param name="skip">Whether a record is on its way already.</param>
    /// <param name="preparation">What they still need; packing ends before the first that has to wait.</param>
    /// <param name="givenUp">Called for records that are left out: why, or null when it is no publish.</param>
    public static IEnumerable<Parcel> Pack(
        SpoolBatch batch, int most, Func<long, bool> skip, Preparation preparation, Action<PreparationVerdict?> givenUp)
    {
        var publishes = new List<SpooledPublish>();
        var first = batch.First;
        for (var number = batch.First; number <= batch.Last; number++)
        {
            if (skip(number))
            {
                continue;
            }

            if (!SpooledPublish.TryDecode(batch.Records[(int)(number - batch.First)].Span, out var publish))
            {
                givenUp(null);
                continue;
            }

            var verdict = preparation.Prepare(ref publish);
            if (verdict == PreparationVerdict.Wait)
            {
                if (number > batch.First)
                {
                    yield return new Parcel(first, number - 1, publishes);
                }

                yield break;
            }

            if (verdict != PreparationVerdict.Send)
            {
                givenUp(verdict);
                continue;
            }

            if (publishes.Count > 0 && (publishes.Count == most || !publishes[0].GoesWith(publish)))
            {
                yield return new Parcel(first, number - 1, publishes);
                (first, publishes) = (number, []);
            }

            publishes.Add(publish);
        }

        yield return new Parcel(first, batch.Last, publishes);
    }

    /// <summary>All of it as one message.</summary>
    public SpooledPublish Join()
    {
        if (Publishes.Count == 1)
        {
            return Publishes[0];
        }

        var all = new List<Position>(Publishes.Count);
        var one = new List<Position>();
        foreach (var publish in Publishes)
        {
            // What does not decode is refused alone, when the parcel was refused (Delivery).
            PositionCodec.TryDecode(publish.Payload, publish.ContentType, int.MaxValue, one, out _);
            all.AddRange(one);
        }

        return Publishes[0] with { Payload = PositionCodec.Encode(all.ToArray(), Publishes[0].Format) };
    }
}
