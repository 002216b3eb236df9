using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Store.Fleet;

namespace ArtMqtt.Store.Tests;

/// <summary>Whose ended requests were, bounded.</summary>
public sealed class EndedRequestsTests
{
    [Fact]
    public void The_one_that_ended_first_is_forgotten_first()
    {
        var ended = new EndedRequests();
        var ids = Enumerable.Range(0, 10_001).Select(_ => Guid.NewGuid()).ToList();
        foreach (var id in ids)
        {
            ended.Add(Request(id));
            // Told again, as after a change of the note.
            ended.Add(Request(id));
        }

        Assert.Null(ended.FindTenant(ids[0]));
        Assert.All(ids.Skip(1), id => Assert.Equal("acme", ended.FindTenant(id)));
    }

    private static FleetRequest Request(Guid id) =>
        new(id, RequestStatus.Completed, null, 1, ReadOnlyMemory<byte>.Empty, null) { Tenant = "acme" };
}
