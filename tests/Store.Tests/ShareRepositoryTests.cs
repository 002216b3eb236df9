using ArtMqtt.Contracts.Requests;
using ArtMqtt.Store.Fleet;
using ArtMqtt.Store.LifeCycle;
using ArtMqtt.Store.Requests;
using ArtMqtt.Store.Sharing;

namespace ArtMqtt.Store.Tests;

/// <summary>Shares and who opened them, in the database.</summary>
public sealed class ShareRepositoryTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly ShareNotices _notices = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ShareRepository Shares => new(database.DataSource, _notices);

    [Fact]
    public async Task What_was_written_is_read()
    {
        var request = await CreateRequestAsync();
        var phase = new SharePhase(RequestStatus.EnRoute, RequestStatus.Arrived);
        var made = await CreateAsync(request, ShareRole.Customer, phase, "Grandma");
        var found = await Shares.FindAsync(made.ShareId, Token);
        Assert.Equal(made, found);
        Assert.Equal((request, ShareRole.Customer, phase, "Grandma"), (found!.RequestId, found.Role, found.Phase, found.Label));
        Assert.Null(await Shares.FindAsync(made.ShareId ^ 1, Token));
    }

    [Fact]
    public async Task Concurrent_calls_do_not_make_more_than_there_may_be()
    {
        var request = await CreateRequestAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Shares.CreateAsync(New(request), 5, Token)));
        Assert.Equal(5, results.Count(result => result.Share is not null));
        Assert.Equal(7, results.Count(result => result.Error == ShareError.TooMany));
        Assert.Equal(5, (await Shares.ListAsync(request, null, null, Token)).Count);
    }

    [Fact]
    public async Task A_list_holds_the_shares_of_one_firm_and_of_one_maker()
    {
        var request = await CreateRequestAsync();
        await Shares.CreateAsync(New(request) with { Tenant = "acme" }, 9, Token);
        var theirs = await Shares.CreateAsync(New(request) with { Tenant = "acme", By = "customer" }, 9, Token);
        await Shares.CreateAsync(New(request) with { Tenant = "other" }, 9, Token);
        Assert.Equal(3, (await Shares.ListAsync(request, null, null, Token)).Count);
        Assert.Equal(2, (await Shares.ListAsync(request, "acme", null, Token)).Count);
        Assert.Equal([theirs.Share!.ShareId], (await Shares.ListAsync(request, "acme", "customer", Token)).Select(share => share.ShareId));
        Assert.False(await Shares.RevokeAsync(request, theirs.Share.ShareId, "other", null, "dispatcher", Token));
        Assert.True(await Shares.RevokeAsync(request, theirs.Share.ShareId, "acme", null, "dispatcher", Token));
    }

    [Fact]
    public async Task Revoking_is_told_here_and_to_other_nodes()
    {
        var share = await CreateAsync(await CreateRequestAsync());
        var here = new List<uint?>();
        _notices.Heard += here.Add;
        await using var connection = await database.DataSource.OpenConnectionAsync(Token);
        var there = new TaskCompletionSource<string>();
        connection.Notification += (_, notice) =>
        {
            if (FleetChange.TryParse(notice.Payload, out var change) && change.ShareId == share.ShareId)
            {
                there.TrySetResult(notice.Channel);
            }
        };
        await using (var listen = new Npgsql.NpgsqlCommand($"LISTEN {FleetChange.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(Token);
        }

        Assert.True(await Shares.RevokeAsync(share.RequestId, share.ShareId, null, null, "dispatcher", Token));

        while (!there.Task.IsCompleted)
        {
            await connection.WaitAsync(Token);
        }

        Assert.Equal([share.ShareId], here);
        Assert.NotNull((await Shares.FindAsync(share.ShareId, Token))!.RevokedAt);
    }

    [Fact]
    public async Task Polls_of_one_visitor_are_written_down_once_a_minute_and_the_oldest_go()
    {
        var share = await CreateAsync(await CreateRequestAsync());
        for (var minute = 0; minute < 5; minute++)
        {
            var opening = new ShareOpening(share.ShareId, _now.AddMinutes(2 * minute), "192.0.2.0/24", "curl", "poll");
            await Shares.RecordAsync(opening, 3, Token);
            await Shares.RecordAsync(opening with { At = opening.At.AddSeconds(30) }, 3, Token);
        }

        await Shares.RecordAsync(new ShareOpening(share.ShareId, _now.AddMinutes(8), "192.0.2.0/24", "curl", "hub"), 3, Token);
        var openings = await Shares.ListOpeningsAsync(share.ShareId, 10, Token);
        Assert.Equal(["hub", "poll", "poll"], openings.Select(opening => opening.Way));
        Assert.Equal(6, (await Shares.FindAsync(share.ShareId, Token))!.Opens);
        await Shares.RecordAsync(new ShareOpening(share.ShareId ^ 1, _now, "", "", "hub"), 3, Token);
    }

    [Fact]
    public async Task What_is_too_old_goes_and_the_rest_stays()
    {
        var share = await CreateAsync(await CreateRequestAsync());
        foreach (var day in new[] { -40, -1 })
        {
            await Shares.RecordAsync(new ShareOpening(share.ShareId, _now.AddDays(day), "", "curl", "hub"), 100, Token);
        }

        await Shares.PruneAsync(_now.AddDays(-30), _now, Token);
        Assert.Single(await Shares.ListOpeningsAsync(share.ShareId, 10, Token));
        await Shares.PruneAsync(_now.AddDays(-30), _now.AddDays(8), Token);
        Assert.Null(await Shares.FindAsync(share.ShareId, Token));
        Assert.Empty(await Shares.ListOpeningsAsync(share.ShareId, 10, Token));
    }

    [Fact]
    public async Task Erasing_a_customer_erases_links_and_audit()
    {
        var request = await CreateRequestAsync();
        var share = await CreateAsync(request);
        await Shares.RecordAsync(new ShareOpening(share.ShareId, _now, "", "curl", "hub"), 100, Token);
        await database.Requests.ChangeStatusAsync(request, RequestStatus.Cancelled, "dispatcher", Token);
        Assert.NotNull(await new ErasureRepository(database.DataSource).EraseCustomerAsync(request, "dispatcher", Token));
        Assert.Empty(await Shares.ListAsync(request, null, null, Token));
        Assert.Empty(await Shares.ListOpeningsAsync(share.ShareId, 10, Token));
    }

    [Theory]
    [InlineData("s:4294967295", true)]
    [InlineData("s:4294967296", false)]
    [InlineData("s:-1", false)]
    [InlineData("s:", false)]
    [InlineData("s:x", false)]
    public void Notifications_of_shares_are_read(string payload, bool isOne) =>
        Assert.Equal(isOne, FleetChange.TryParse(payload, out _));

    private static NewShare New(
        Guid request, ShareRole role = ShareRole.Viewer, SharePhase? phase = null, string? label = null) => new(
        request, "", role, phase ?? new SharePhase(RequestStatus.Assigned, RequestStatus.InProgress), label, "dispatcher",
        _now.AddDays(7));

    private async Task<ShareRecord> CreateAsync(
        Guid request, ShareRole role = ShareRole.Viewer, SharePhase? phase = null, string? label = null) =>
        (await Shares.CreateAsync(New(request, role, phase, label), 9, Token)).Share!;

    private async Task<Guid> CreateRequestAsync() => (await database.Requests.CreateAsync(
        new NewRequest(Guid.NewGuid(), 48, 11, null, null, new byte[32], "dispatcher"), Token))!.RequestId;
}
