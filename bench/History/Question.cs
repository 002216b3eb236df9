using Npgsql;

namespace ArtMqtt.Store.Bench;

/// <summary>Something that is asked, each time about another device and moment.</summary>
/// <param name="Name">What it is.</param>
/// <param name="AskAsync">Asks it the way the product does and says how many rows came.</param>
internal sealed record Question(string Name, Func<Pick, CancellationToken, Task<long>> AskAsync)
{
    /// <summary>How it would be asked of <c>positions</c> alone, or null.</summary>
    public Func<Pick, NpgsqlCommand>? Plainly { get; init; }

    /// <summary>The product's SQL after EXPLAIN, or null.</summary>
    public Func<Pick, NpgsqlCommand>? Explain { get; init; }

    /// <summary>Most chunks of positions it may read.</summary>
    public int MaxChunks { get; init; }

    /// <summary>What must be in the plan.</summary>
    public string Uses { get; init; } = "";
}
