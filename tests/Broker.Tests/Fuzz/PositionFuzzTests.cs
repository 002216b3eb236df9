using System.Text;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Broker.Tests.Fuzz;

/// <summary>Payloads that are broken by chance: a position that is valid, or an error that says why not, never more.</summary>
public sealed class PositionFuzzTests
{
    private const int Count = 200_000;
    private static readonly string?[] _contentTypes = [null, PositionCodec.JsonContentType, PositionCodec.ProtobufContentType, "text/plain"];

    [Theory]
    [InlineData(PositionFormat.Json)]
    [InlineData(PositionFormat.Protobuf)]
    public void A_payload_is_valid_or_refused(PositionFormat format)
    {
        var positions = new List<Position>();
        for (var number = 0; number < Count; number++)
        {
            var random = new Random(number);
            var payload = new ByteMutator(random).Mutate(Valid(random, format), Valid(random, format));
            try
            {
                if (PositionCodec.TryDecode(payload, _contentTypes[random.Next(4)], 10, positions, out var error))
                {
                    Assert.InRange(positions.Count, 1, 10);
                    Assert.All(positions, p => Assert.True(PositionRules.IsValid(p, out _)));
                }
                else
                {
                    Assert.NotEmpty(error.Code);
                    Assert.Empty(positions);
                }
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Case {number}: {Convert.ToHexString(payload)}", e);
            }
        }
    }

    private static byte[] Valid(Random random, PositionFormat format)
    {
        if (format == PositionFormat.Json && random.Next(3) == 0)
        {
            return Encoding.UTF8.GetBytes(
                """[{"lat":1e1,"lng":-179.99999,"timestamp":"2026-01-01T00:00:00.5+02:00","speed":null,"seq":4294967295,"x":{"y":[1,2]}}]""");
        }

        var positions = Enumerable.Range(0, random.Next(1, 4)).Select(_ => new Position(
            (random.NextDouble() * 180) - 90, (random.NextDouble() * 360) - 180,
            DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(0, 4_000_000_000_000)))).ToArray();
        return PositionCodec.Encode(positions, format);
    }
}
