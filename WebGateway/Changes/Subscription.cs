using ArtMqtt.Store.Changes;
using ArtMqtt.WebGateway.Changes.Filters;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>What a channel wants to know of one table.</summary>
/// <param name="Channel">Who is told.</param>
/// <param name="Id">Its number towards the client; the same for all tables of one wish.</param>
/// <param name="Table">The table.</param>
/// <param name="Kind">What has to happen; null for anything.</param>
/// <param name="Filter">Which rows, the caller's rights included; null for all.</param>
/// <param name="Columns">What is told of them; null for all.</param>
internal sealed record Subscription(
    RealtimeChannel Channel, long Id, PublishedTable Table, RowChangeKind? Kind, Filter? Filter, ColumnSelection? Columns)
{
    /// <summary>Whether the change is for it. An updated row is looked at as it is now, a deleted one as it was.</summary>
    public bool Matches(RowChange change) =>
        (Kind is null || Kind == change.Kind) && (Filter is null || Filter.Test(change.Row) == true);

    public bool Equals(Subscription? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => HashCode.Combine(Id, Table.Name);
}
