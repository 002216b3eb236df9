using System.Security.Claims;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Store.Sharing;
using ArtMqtt.TestKit;
using ArtMqtt.WebGateway.Sharing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>A revocation that comes at a bad moment: between two steps, or while a node is cut off from the database.</summary>
public sealed class ShareRevocationTests(Gateway gateway) : IClassFixture<Gateway>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ShareDirectory Directory => gateway.Services.GetRequiredService<ShareDirectory>();

    [Fact]
    public async Task What_opens_with_a_link_that_was_revoked_since_the_sign_in_is_closed()
    {
        var record = await CreateAsync();
        var early = Directory.Version;
        await gateway.RevokeAsync(new Share(record.RequestId, ShareView.NameOf(record.ShareId), ""));

        using var open = gateway.Services.GetRequiredService<OpenShares>().Enter(
            new ClaimsPrincipal(new ShareIdentity("test", record, early)), new DefaultHttpContext(), "hub")!;

        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = open.Closing.Register(closed.SetResult);
        await closed.Task.WaitAsync(Token);
        Assert.Equal(ShareEnd.Revoked, open.Ended);
    }

    [Fact]
    public async Task A_share_that_was_read_while_it_was_revoked_is_not_remembered_as_it_was()
    {
        var record = await CreateAsync();
        var early = Directory.Version;
        await gateway.RevokeAsync(new Share(record.RequestId, ShareView.NameOf(record.ShareId), ""));

        await Directory.FindInStoreAsync(record.ShareId, early, Token);
        Assert.Null(Directory.FindInMemory(record.ShareId, out var version));

        Assert.NotNull((await Directory.FindInStoreAsync(record.ShareId, version, Token))!.RevokedAt);
    }

    [Fact]
    public async Task A_node_that_is_cut_off_goes_on_and_makes_up_for_it_when_it_is_back()
    {
        var database = new NpgsqlConnectionStringBuilder(
            gateway.Services.GetRequiredService<IConfiguration>()["ConnectionStrings:Timescale"]);
        await using var proxy = new TcpProxy(database.Port);
        var server = database.Port;
        (database.Host, database.Port) = ("127.0.0.1", proxy.Port);
        await using var far = await gateway.StartAnotherAsync(("Store:ConnectionString", database.ConnectionString));
        var fleet = far.Services.GetRequiredService<IFleetDirectory>();
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var (revoked, kept, unknown) = (await gateway.ShareAsync(id), await gateway.ShareAsync(id), await gateway.ShareAsync(id));
        await using var loses = await Watcher.ConnectAsync(far, revoked.Token);
        await using var keeps = await Watcher.ConnectAsync(far, kept.Token);
        await loses.JoinAsync(id);
        await keeps.JoinAsync(id);
        await Eventually.TrueAsync(() => fleet.IsCurrent, Token);

        proxy.Target = Ports.Free();
        proxy.Cut();
        await Eventually.TrueAsync(() => !fleet.IsCurrent, Token);
        await gateway.RevokeAsync(revoked);
        await far.PublishAsync(id, second: 1);

        Assert.Equal("operator:location", (await loses.NextAsync()).Name);
        Assert.Equal("operator:location", (await keeps.NextAsync()).Name);
        Assert.Equal(200, (await far.CallAsync("GET", $"/api/requests/{id}/events", token: kept.Token)).Status);
        var refused = await far.CallAsync("GET", $"/api/requests/{id}/events", token: unknown.Token);
        Assert.Equal((503, "store_unavailable"), (refused.Status, refused.Code));

        proxy.Target = server;

        Assert.Equal("share_revoked", (await loses.NextAsync()).Data.GetProperty("code").GetString());
        await far.PublishAsync(id, second: 2);
        Assert.Equal("operator:location", (await keeps.NextAsync()).Name);
        await Eventually.TrueAsync(async () => (await gateway.OpensAsync(kept)).Count >= 1, Token);
        Assert.Equal(200, (await far.CallAsync("GET", $"/api/requests/{id}/events", token: unknown.Token)).Status);
    }

    private async Task<ShareRecord> CreateAsync()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id);
        Assert.True(ShareView.TryParseName(share.Id, out var shareId));
        return (await gateway.Services.GetRequiredService<ShareRepository>().FindAsync(shareId, Token))!;
    }
}
