using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Fuzz;

/// <summary>Everything one connection sends. The same number gives the same bytes, always.</summary>
/// <param name="Number">Which case; also the seed.</param>
/// <param name="Packets">Packets in it, mutated or not.</param>
/// <param name="Bytes">What is sent.</param>
internal sealed record FuzzCase(int Number, int Packets, byte[] Bytes)
{
    public static FuzzCase Create(int number)
    {
        var random = new Random(number);
        var level = random.Next(2) == 0 ? Level.V311 : Level.V5;
        var (corpus, mutator) = (new FuzzCorpus(random, level), new ByteMutator(random));
        var bytes = new List<byte>();
        // Half of the cases get in; the others are strange from the first byte on.
        var connect = corpus.Connect();
        bytes.AddRange(random.Next(2) == 0 ? connect : mutator.Mutate(connect, corpus.Any()));
        var packets = random.Next(1, 30);
        for (var i = 0; i < packets; i++)
        {
            var packet = corpus.Any();
            // The first mutation that cannot be read ends the connection, so most packets stay as they are.
            bytes.AddRange(random.Next(6) == 0 ? mutator.Mutate(packet, corpus.Any()) : packet);
        }

        return new FuzzCase(number, packets + 1, [.. bytes]);
    }
}
