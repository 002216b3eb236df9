namespace ArtMqtt.WebGateway.Changes.Filters;

/// <summary>AND: false when one is, else unknown when one is.</summary>
internal sealed class AllOf(IReadOnlyList<Filter> parts) : Filter
{
    public override RequiredValues? Required { get; } = parts
        .Select(part => part.Required).OfType<RequiredValues>().MinBy(required => required.Values.Count);

    public override bool? Test(IReadOnlyList<string?> row)
    {
        bool? all = true;
        foreach (var part in parts)
        {
            switch (part.Test(row))
            {
                case false: return false;
                case null: all = null; break;
            }
        }

        return all;
    }
}
