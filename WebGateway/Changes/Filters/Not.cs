namespace ArtMqtt.WebGateway.Changes.Filters;

/// <summary>NOT: unknown stays unknown.</summary>
internal sealed class Not(Filter inner) : Filter
{
    public override bool? Test(IReadOnlyList<string?> row) => !inner.Test(row);
}
