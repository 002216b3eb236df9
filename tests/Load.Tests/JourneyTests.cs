using ArtMqtt.Contracts.Positions;
using ArtMqtt.Load.Positions;

namespace ArtMqtt.Load.Tests;

public sealed class JourneyTests
{
    private const long Start = 1_764_000_000_000;

    [Fact]
    public void Every_patched_payload_is_a_valid_position_with_a_time_of_its_own()
    {
        var payload = PositionTemplate.Create();
        var journey = new Journey(device: 42, Start, stepMs: 1);
        var decoded = new List<Position>();
        var positions = new List<Position>();
        for (var i = 0; i < 5_000; i++)
        {
            journey.WriteNext(payload);
            Assert.True(PositionCodec.TryDecode(payload, null, 1, decoded, out _));
            positions.Add(decoded[0]);
        }

        Assert.Equal(Start, positions[0].FixTime.ToUnixTimeMilliseconds());
        Assert.Equal(Start + 4_999, journey.LastFixMs);
        Assert.Equal(5_000, positions.Select(p => p.FixTime).Distinct().Count());
        Assert.Equal(5_000, positions.Select(p => p.Sequence).Distinct().Count());
        Assert.All(positions.Zip(positions.Skip(1)), pair => Assert.True(
            Math.Abs(pair.First.Latitude - pair.Second.Latitude) + Math.Abs(pair.First.Longitude - pair.Second.Longitude)
            < 0.0002));
    }
}
