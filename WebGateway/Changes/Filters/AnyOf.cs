namespace ArtMqtt.WebGateway.Changes.Filters;

/// <summary>OR: true when one is, else unknown when one is.</summary>
internal sealed class AnyOf(IReadOnlyList<Filter> parts) : Filter
{
    public override bool? Test(IReadOnlyList<string?> row)
    {
        bool? any = false;
        foreach (var part in parts)
        {
            switch (part.Test(row))
            {
                case true: return true;
                case null: any = null; break;
            }
        }

        return any;
    }
}
