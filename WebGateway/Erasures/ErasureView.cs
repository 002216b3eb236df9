using ArtMqtt.Store.LifeCycle;

namespace ArtMqtt.WebGateway.Erasures;

/// <summary>What was erased.</summary>
/// <param name="Through">What was received up to then is erased, also what is still on its way to the database.</param>
/// <param name="Positions">Positions that were erased.</param>
/// <param name="DeadLetters">Payloads that could not become a position and were erased.</param>
internal sealed record ErasureView(DateTimeOffset Through, long Positions, long DeadLetters)
{
    public static ErasureView Of(Erasure erasure) => new(erasure.Through, erasure.Positions, erasure.DeadLetters);
}
