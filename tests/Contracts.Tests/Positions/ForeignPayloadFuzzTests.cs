using System.Text;
using ArtMqtt.Contracts.OsmAnd;
using ArtMqtt.Contracts.OwnTracks;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Contracts.Tests.Positions;

/// <summary>Whatever somebody sends instead of a message, it is an answer and never an exception.</summary>
public sealed class ForeignPayloadFuzzTests
{
    private const int Rounds = 20_000;

    private static readonly string[] _good =
    [
        """[{"_type":"location","lat":48.1,"lon":"11.5","tst":1767225600,"vel":90,"cog":3},{"_type":"lwt"}]""",
        "id=truck-1&timestamp=2026-01-01T00%3A00%3A00Z&lat=48.1&lon=11.5&speed=19.4&batt=87&valid=true&location=1,2",
        """{"device_id":"7","location":[{"timestamp":"2026-01-01T00:00:00Z","coords":{"latitude":1,"longitude":1}}]}""",
        """[{"id":"7","lat":48.1,"lon":11.5,"timestamp":1767225600,"speed":19.44,"speedUnit":"ms"}]""",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_payloads_are_read_or_refused(int seed)
    {
        // Seeded: what fails once fails again.
#pragma warning disable CA5394
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Encoding.UTF8.GetBytes(_good[random.Next(_good.Length)]).ToList();
            for (var change = random.Next(1, 6); change > 0 && bytes.Count > 0; change--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0: bytes[at] = (byte)random.Next(256); break;
                    case 1: bytes.RemoveAt(at); break;
                    case 2: bytes.Insert(at, (byte)"{}[]\",:&=%+-e\\\0"[random.Next(15)]); break;
                    default: bytes.RemoveRange(at, bytes.Count - at); break;
                }
            }

            Check(bytes.ToArray());
        }
#pragma warning restore CA5394
    }

    private static void Check(byte[] payload)
    {
        var ownTracks = new DecodedMessages(10);
        OwnTracksCodec.Decode(payload, ownTracks);
        var osmAnd = new DecodedMessages(10);
        OsmAndCodec.Decode(payload, null, DateTimeOffset.UnixEpoch, osmAnd);

        Assert.All(ownTracks.Positions.Concat(osmAnd.Positions), p => Assert.True(PositionRules.IsValid(p, out _)));
    }
}
