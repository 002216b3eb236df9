using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Fleet;
using ArtMqtt.Store.Tokens;
using Npgsql;

namespace ArtMqtt.Store.Tests;

/// <summary>Tokens that were issued and taken back, in the database.</summary>
public sealed class IssuedTokenRepositoryTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly DateTimeOffset _now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private readonly RevokedTokens _revoked = new(isKnown: false);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IssuedTokenRepository Tokens => new(database.DataSource, _revoked);

    [Fact]
    public async Task What_was_written_is_listed_newest_first_page_by_page_to_its_firm()
    {
        var tenant = $"firm-{Guid.NewGuid():N}";
        var all = Enumerable.Range(0, 5).Select(i => New($"{tenant}-{i}") with
        {
            Tenant = tenant,
            // Two of one moment: the id decides.
            IssuedAt = _now.AddMinutes(i / 2),
            Subject = $"person {i}",
            RequestId = Guid.NewGuid(),
        }).ToList();
        foreach (var token in all)
        {
            await Tokens.AddAsync(token, Token);
        }

        await Tokens.AddAsync(New($"{tenant}-x") with { Tenant = "somebody" }, Token);
        var scope = TenantScope.Of(tenant);
        var first = await Tokens.ListAsync(scope, null, 3, Token);
        var second = await Tokens.ListAsync(scope, (first[^1].IssuedAt, first[^1].TokenId), 3, Token);

        Assert.Equal(Enumerable.Reverse(all), first.Concat(second));
        Assert.Contains(await Tokens.ListAsync(TenantScope.All, null, 1000, Token), token => token.TokenId == $"{tenant}-x");
    }

    [Fact]
    public async Task Taking_back_counts_here_at_once_is_told_to_other_nodes_and_stays()
    {
        var token = New($"t:{Guid.NewGuid():N}") with { Tenant = "acme", ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1) };
        await Tokens.AddAsync(token, Token);
        await using var connection = await database.DataSource.OpenConnectionAsync(Token);
        RevokedToken? told = null;
        connection.Notification += (_, notice) => told = FleetChange.TryParse(notice.Payload, out var change) ? change.Token : told;
        await using (var listen = new NpgsqlCommand($"LISTEN {FleetChange.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(Token);
        }

        Assert.False(await Tokens.RevokeAsync(token.TokenId, TenantScope.Of("other"), "eve", Token));
        Assert.False(await Tokens.RevokeAsync("nobody", TenantScope.All, "eve", Token));
        Assert.False(_revoked.Contains(token.TokenId));
        Assert.True(await Tokens.RevokeAsync(token.TokenId, TenantScope.Of("acme"), "bea", Token));
        Assert.True(_revoked.Contains(token.TokenId));
        while (told is null)
        {
            await connection.WaitAsync(Token);
        }

        Assert.Equal(token.TokenId, told.Value.TokenId);
        Assert.InRange(told.Value.ExpiresAt - token.ExpiresAt, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(1));
        Assert.Contains(
            await IssuedTokenRepository.ReadRevokedAsync(connection, Token), known => known.TokenId == token.TokenId);

        // A second time it is the same.
        var before = await FindAsync(token.TokenId);
        Assert.True(await Tokens.RevokeAsync(token.TokenId, TenantScope.All, "ada", Token));
        Assert.Equal(("bea", before), ((await FindAsync(token.TokenId)).RevokedBy, await FindAsync(token.TokenId)));
    }

    [Fact]
    public async Task One_of_another_issuer_is_taken_back_by_its_id_and_one_of_ours_too()
    {
        var (foreign, ours) = ($"kc-{Guid.NewGuid()}", New(Guid.NewGuid().ToString("N")));
        await Tokens.AddAsync(ours, Token);

        await Tokens.RevokeUnknownAsync(new RevokedToken(foreign, _now.AddYears(1)), "admin", Token);
        await Tokens.RevokeUnknownAsync(new RevokedToken(ours.TokenId, _now), "admin", Token);

        Assert.True(_revoked.Contains(foreign) && _revoked.Contains(ours.TokenId));
        var written = await FindAsync(foreign);
        Assert.Equal((null, "admin", _now.AddYears(1)), (written.Role, written.RevokedBy, written.ExpiresAt));
        // What is known of our own is not forgotten earlier because of it.
        Assert.Equal((ours.Role, ours.ExpiresAt), ((await FindAsync(ours.TokenId)).Role, (await FindAsync(ours.TokenId)).ExpiresAt));
    }

    [Fact]
    public async Task What_expired_is_forgotten()
    {
        var (old, young) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N"));
        await Tokens.AddAsync(New(old) with { ExpiresAt = _now.AddYears(-10) }, Token);
        await Tokens.AddAsync(New(young) with { ExpiresAt = _now.AddYears(-9) }, Token);

        Assert.Equal(1, await Tokens.PruneAsync(_now.AddYears(-9).AddDays(-1), Token));

        var left = (await Tokens.ListAsync(TenantScope.All, null, 1000, Token)).Select(token => token.TokenId).ToList();
        Assert.Contains(young, left);
        Assert.DoesNotContain(old, left);
    }

    [Theory]
    [InlineData("t:1800000000:a:b", "a:b")]
    [InlineData("t:1800000000:", null)]
    [InlineData("t:soon:a", null)]
    [InlineData("t:999999999999999:a", null)]
    [InlineData("t:", null)]
    public void A_notification_names_the_token_whatever_its_id(string payload, string? tokenId)
    {
        Assert.Equal(tokenId is not null, FleetChange.TryParse(payload, out var change));
        Assert.Equal(tokenId, change.Token?.TokenId);
    }

    private async Task<IssuedToken> FindAsync(string tokenId) =>
        (await Tokens.ListAsync(TenantScope.All, null, 1000, Token)).Single(token => token.TokenId == tokenId);

    private static IssuedToken New(string tokenId) => new(tokenId, "analyst", "", _now, "admin", _now.AddHours(1));
}
