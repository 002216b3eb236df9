using ArtMqtt.Store.Changes;
using ArtMqtt.WebGateway.Changes;
using ArtMqtt.WebGateway.Changes.Filters;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Who is looked at when a row changes.</summary>
public sealed class RealtimeIndexTests
{
    private readonly SubscriptionIndex _index = new();
    private readonly List<Subscription> _found = [];

    [Fact]
    public void Ten_thousand_who_asked_for_other_rows_cost_nothing()
    {
        var ids = Enumerable.Range(0, 10_000).Select(_ => Guid.NewGuid()).ToList();
        foreach (var id in ids)
        {
            Add($"id=eq.{id},version=gt.0");
        }

        Assert.Equal(1, _index.Find(Change(ids[77]), _found));
        Assert.Equal(78, Assert.Single(_found).Id);
        Assert.Equal(0, _index.Find(Change(Guid.NewGuid()), _found));
    }

    [Fact]
    public void A_row_is_found_by_value_by_list_and_by_everything_else_and_not_after_the_end()
    {
        var id = Guid.NewGuid();
        var all = new[]
        {
            Add(""), Add($"id=eq.{id}"), Add("status=in.(assigned,pending)"), Add("status=like.pend%"), Add("device_id=eq.truck-1"),
            Add("status=eq.assigned"), Add($"id=eq.{id}", RowChangeKind.Delete), Add("version=eq.1", table: PublishedTable.RequestEvents),
        };

        Assert.Equal(5, _index.Find(Change(id), _found));
        Assert.Equal([1, 2, 3, 4], _found.Select(subscription => subscription.Id).Order());

        foreach (var subscription in all)
        {
            _index.Remove(subscription);
        }

        _found.Clear();
        Assert.Equal(0, _index.Find(Change(id), _found));
        Assert.Empty(_found);
    }

    [Fact]
    public void A_deleted_row_is_looked_at_as_it_was_and_a_changed_one_as_it_is()
    {
        var id = Guid.NewGuid();
        Add("status=eq.pending");
        var (before, after) = (Row(id, "pending"), Row(id, "cancelled"));

        Find(RowChangeKind.Update, after, before);
        Assert.Empty(_found);
        Find(RowChangeKind.Update, before, after);
        Assert.Single(_found);
        Find(RowChangeKind.Delete, null, before);
        Assert.Equal(2, _found.Count);
    }

    private static RowChange Change(Guid id) =>
        new(PublishedTable.Requests, RowChangeKind.Insert, Row(id, "pending"), null, DateTimeOffset.UnixEpoch);

    private static string?[] Row(Guid id, string status) =>
        [id.ToString(), status, null, "48.1", "11.5", null, null, "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00+00:00", "1"];

    private void Find(RowChangeKind kind, string?[]? after, string?[]? before) =>
        _index.Find(new RowChange(PublishedTable.Requests, kind, after, before, DateTimeOffset.UnixEpoch), _found);

    private long _lastId;

    private Subscription Add(string filter, RowChangeKind? kind = null, PublishedTable? table = null)
    {
        table ??= PublishedTable.Requests;
        var subscription = new Subscription(null!, ++_lastId, table, kind, FilterParser.Parse(filter, table), null);
        _index.Add(subscription);
        return subscription;
    }
}
