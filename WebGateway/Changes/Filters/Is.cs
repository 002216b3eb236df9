namespace ArtMqtt.WebGateway.Changes.Filters;

/// <summary><c>is</c>: null, or the same text. Never unknown.</summary>
internal sealed class Is(int column, string? expected) : Filter
{
    public override bool? Test(IReadOnlyList<string?> row) => row[column] == expected;
}
