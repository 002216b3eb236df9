using System.Net.Http.Headers;
using System.Text.Json;
using ArtMqtt.Identity;
using ArtMqtt.Store.Tokens;
using ArtMqtt.TestKit;
using ArtMqtt.WebGateway.Tokens;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>A gateway that issues tokens and takes those of somebody else.</summary>
public sealed class RevokingGateway(TimescaleServer server) : Gateway(server)
{
    private static readonly byte[] _key = Enumerable.Repeat((byte)9, 32).ToArray();
    private readonly TestFolder _folder = new();

    public string KeyFile => Path.Combine(_folder.Path, "token-key");

    /// <summary>Settings with which another node takes the same tokens.</summary>
    public (string Key, string Value)[] TokenSettings =>
    [
        ("Gateway:Changes:Enabled", "true"), ("Tokens:LocalKeyFile", KeyFile), ("Tokens:SymmetricKey", Convert.ToBase64String(_key)),
        ("Tokens:Issuer", TestToken.Issuer), ("Tokens:Audience", TestToken.Audience),
    ];

    protected override IEnumerable<(string Key, string Value)> Settings => TokenSettings;

    public static string SignForeign(string id) =>
        TestToken.Sign(_key, TestToken.Claims(("role", "dispatcher"), ("jti", id)));

    public override ValueTask InitializeAsync()
    {
        File.WriteAllText(KeyFile, TokenServices.NewLocalKey());
        return base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>Tokens that are taken back before they expire.</summary>
public sealed class RevokedTokenTests(RevokingGateway gateway) : IClassFixture<RevokingGateway>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_revoked_token_counts_no_more_on_any_node_and_others_of_its_key_do()
    {
        await using var another = await gateway.StartAnotherAsync(gateway.TokenSettings);
        var (id, token) = await IssueAsync("""{"role":"dispatcher","subject":"ada"}""");
        var (_, kept) = await IssueAsync("""{"role":"dispatcher","subject":"bob"}""");
        foreach (var node in new Gateway[] { gateway, another })
        {
            Assert.Equal(200, (await node.CallAsync("GET", "/api/requests", token: token)).Status);
        }

        Assert.Equal(204, (await RevokeAsync(id)).Status);

        var refused = await gateway.CallAsync("GET", "/api/requests", token: token);
        Assert.Equal((401, "token_revoked"), (refused.Status, refused.Code));
        await Eventually.TrueAsync(
            async () => (await another.CallAsync("GET", "/api/requests", token: token)) is { Status: 401, Code: "token_revoked" }, Token);
        Assert.Equal("token_revoked", (await gateway.CallAsync("POST", "/hubs/tracking/negotiate?negotiateVersion=1", token: token)).Code);
        foreach (var node in new Gateway[] { gateway, another })
        {
            Assert.Equal(200, (await node.CallAsync("GET", "/api/requests", token: kept)).Status);
        }

        // A node that starts afterwards knows it from the database.
        await using var later = await gateway.StartAnotherAsync(gateway.TokenSettings);
        await Eventually.TrueAsync(
            async () => (await later.CallAsync("GET", "/api/requests", token: kept)).Status == 200, Token);
        Assert.Equal("token_revoked", (await later.CallAsync("GET", "/api/requests", token: token)).Code);
        // Twice is the same, and nobody is locked out for asking with it.
        Assert.Equal(204, (await RevokeAsync(id)).Status);
        for (var i = 0; i < 80; i++)
        {
            Assert.Equal(401, (await gateway.CallAsync("GET", "/api/requests", token: token)).Status);
        }
    }

    [Fact]
    public async Task What_is_open_with_it_is_closed_on_every_node_and_nothing_else()
    {
        await using var another = await gateway.StartAnotherAsync(gateway.TokenSettings);
        var (requestId, _, _) = await gateway.CreateAssignedAsync();
        var (id, token) = await IssueAsync("""{"role":"dispatcher","subject":"ada"}""");
        var (_, kept) = await IssueAsync("""{"role":"dispatcher","subject":"bob"}""");
        await using var other = await gateway.ConnectAsync(kept);
        await using var otherSocket = await RealtimeSocket.ConnectAsync(gateway, kept);
        await otherSocket.JoinAsync("realtime:yard");
        var open = new List<Task>();
        var disposables = new List<IAsyncDisposable>();
        foreach (var node in new Gateway[] { gateway, another })
        {
            await Eventually.TrueAsync(
                async () => (await node.CallAsync("GET", $"/api/requests/{requestId}", token: token)).Status == 200, Token);
            var cursor = (await node.CallAsync("GET", $"/api/requests/{requestId}/events", token: token)).Json.GetProperty("cursor").GetString();
            var hub = await node.ConnectAsync(token);
            var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            hub.Closed += _ =>
            {
                closed.SetResult();
                return Task.CompletedTask;
            };
            var stream = await ServerSentEvents.OpenAsync(node, requestId, token);
            await stream.NextAsync();
            var socket = await RealtimeSocket.ConnectAsync(node, null);
            Assert.Equal("ok", (await socket.JoinAsync("realtime:yard", token: token)).GetProperty("status").GetString());
            open.AddRange(
                closed.Task, EndsAsync(async () => await stream.NextAsync()),
                ClosedAsync(socket), EndsAsync(() => PollAsync(node, requestId, cursor!, token)));
            disposables.AddRange(hub, stream, socket);
        }

        Assert.Equal(204, (await RevokeAsync(id)).Status);

        await Task.WhenAll(open).WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.Equal(HubConnectionState.Connected, other.State);
        await otherSocket.CallAsync("phoenix", "heartbeat", "{}");
        Assert.DoesNotContain(otherSocket.Came, message => message.Event == "phx_close");
        foreach (var disposable in disposables)
        {
            await disposable.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_list_says_who_has_access_until_when_and_never_with_what()
    {
        var (_, _, deviceId) = await gateway.CreateAssignedAsync();
        var acme = (await IssueAsync("""{"role":"admin","subject":"bea","tenant":"acme"}""")).Token;
        var (id, token) = await IssueAsync("""{"role":"analyst","subject":"ada","lifetimeSeconds":120}""", acme);
        var (deviceToken, _) = await IssueAsync($$"""{"role":"device","deviceId":"{{deviceId}}"}""");

        var all = await ListAsync("?limit=2");
        Assert.Equal([deviceToken, id], all.Items.Select(IdOf));
        Assert.Equal(deviceId, all.Items[0].GetProperty("deviceId").GetString());
        var ada = all.Items[1];
        Assert.Equal(
            ("analyst", "ada", "acme", "bea", "active"),
            (ada.GetProperty("role").GetString(), ada.GetProperty("subject").GetString(), ada.GetProperty("tenant").GetString(),
                ada.GetProperty("issuedBy").GetString(), ada.GetProperty("state").GetString()));
        Assert.Equal(120, (ada.GetProperty("expiresAt").GetDateTimeOffset() - ada.GetProperty("issuedAt").GetDateTimeOffset()).TotalSeconds, 0.001);
        Assert.DoesNotContain(token.Split('.')[2], all.Text, StringComparison.Ordinal);

        // The next page goes on where this one ended; a firm's admin sees and revokes that firm's.
        var next = await ListAsync($"?limit=2&after={all.Next}");
        Assert.Empty(next.Items.Select(IdOf).Intersect(all.Items.Select(IdOf)));
        var theirs = await ListAsync("", acme);
        Assert.All(theirs.Items, item => Assert.Equal("acme", item.GetProperty("tenant").GetString()));
        Assert.Equal((404, "token_not_found"), ((await RevokeAsync(deviceToken, acme)).Status, (await RevokeAsync(deviceToken, acme)).Code));
        Assert.Equal(204, (await RevokeAsync(id, acme)).Status);
        var revoked = (await ListAsync("", acme)).Items.Single(item => IdOf(item) == id);
        Assert.Equal(("revoked", "bea"), (revoked.GetProperty("state").GetString(), revoked.GetProperty("revokedBy").GetString()));
        Assert.Equal(200, (await gateway.CallAsync("GET", "/api/requests", token: acme)).Status);
    }

    [Fact]
    public async Task A_token_of_another_issuer_is_revoked_by_its_id()
    {
        var (id, body) = ($"kc-{Guid.NewGuid()}", """{"tokenId":"ID","expiresAt":"2036-01-01T00:00:00Z"}""");
        var token = RevokingGateway.SignForeign(id);
        Assert.Equal(200, (await gateway.CallAsync("GET", "/api/requests", token: token)).Status);
        var acme = (await IssueAsync("""{"role":"admin","tenant":"acme"}""")).Token;

        var refused = await gateway.CallAsync("POST", "/api/tokens/revocations", body.Replace("ID", id, StringComparison.Ordinal), acme);
        Assert.Equal((403, "tenant_not_allowed"), (refused.Status, refused.Code));
        Assert.Equal(204, (await gateway.CallAsync(
            "POST", "/api/tokens/revocations", body.Replace("ID", id, StringComparison.Ordinal), gateway.Admin.ToString())).Status);

        Assert.Equal("token_revoked", (await gateway.CallAsync("GET", "/api/requests", token: token)).Code);
        Assert.Equal(200, (await gateway.CallAsync("GET", "/api/requests", token: RevokingGateway.SignForeign("kc-2"))).Status);
    }

    [Fact]
    public async Task A_token_is_forgotten_a_day_after_it_expired()
    {
        var (old, _) = await IssueAsync("""{"role":"analyst","subject":"old","lifetimeSeconds":60}""");
        var (young, _) = await IssueAsync("""{"role":"analyst","subject":"young","lifetimeSeconds":2000000}""");
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(1));
        using var upkeep = new TokenUpkeep(
            gateway.Services.GetRequiredService<IssuedTokenRepository>(), time, NullLogger<TokenUpkeep>.Instance);
        await upkeep.StartAsync(Token);

        // The clock moves until the timer, which begins behind the start, has seen an hour go by.
        await Eventually.TrueAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromMinutes(10));
                return (await ListAsync("?limit=1000")).Items.All(item => IdOf(item) != old);
            },
            Token);
        Assert.Contains((await ListAsync("?limit=1000")).Items, item => IdOf(item) == young);
        await upkeep.StopAsync(Token);
    }

    [Theory]
    [InlineData("GET", "/api/tokens?limit=0", null, 400)]
    [InlineData("GET", "/api/tokens?after=nonsense", null, 400)]
    [InlineData("GET", "/api/tokens?after=9223372036854775807_x", null, 400)]
    [InlineData("DELETE", "/api/tokens/%01", null, 404)]
    [InlineData("POST", "/api/tokens/revocations", """{"tokenId":"","expiresAt":"2036-01-01T00:00:00Z"}""", 400)]
    [InlineData("POST", "/api/tokens/revocations", """{"tokenId":"x","expiresAt":"2020-01-01T00:00:00Z"}""", 400)]
    [InlineData("POST", "/api/tokens/revocations", """{"tokenId":"x","expiresAt":"2099-01-01T00:00:00Z"}""", 400)]
    public async Task What_makes_no_sense_is_refused(string method, string path, string? body, int status)
    {
        var answer = await gateway.CallAsync(method, path, body, gateway.Admin.ToString());
        Assert.True(status == answer.Status, answer.Text);
    }

    private async Task<(string Id, string Token)> IssueAsync(string body, string? by = null)
    {
        var made = await gateway.CallAsync("POST", "/api/tokens", body, by ?? gateway.Admin.ToString());
        Assert.True(made.Status == 201, made.Text);
        return (made.Json.GetProperty("tokenId").GetString()!, made.Json.GetProperty("token").GetString()!);
    }

    private Task<Answer> RevokeAsync(string id, string? by = null) =>
        gateway.CallAsync("DELETE", $"/api/tokens/{id}", token: by ?? gateway.Admin.ToString());

    private async Task<(List<JsonElement> Items, string? Next, string Text)> ListAsync(string query, string? by = null)
    {
        var answer = await gateway.CallAsync("GET", $"/api/tokens{query}", token: by ?? gateway.Admin.ToString());
        Assert.True(answer.Status == 200, answer.Text);
        return ([.. answer.Json.GetProperty("items").EnumerateArray()], answer.Json.GetProperty("next").GetString(), answer.Text);
    }

    private static string IdOf(JsonElement item) => item.GetProperty("tokenId").GetString()!;

    // Waits for more than the test has time; ends when the connection is cut.
    private static async Task PollAsync(Gateway node, Guid requestId, string cursor, string token)
    {
        using var client = new HttpClient { BaseAddress = node.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.GetAsync($"/api/requests/{requestId}/events?since={cursor}&wait=30", Token);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task EndsAsync(Func<Task> read) =>
        Assert.True(await Record.ExceptionAsync(async () =>
        {
            while (true)
            {
                await read();
            }
        }) is IOException or HttpRequestException or EndOfStreamException);

    private static async Task ClosedAsync(RealtimeSocket socket)
    {
        var told = await socket.ReadUntilAsync("system");
        Assert.Contains("revoked", told.Payload.GetProperty("message").GetString(), StringComparison.Ordinal);
        await socket.ReadUntilAsync("phx_close");
    }
}
