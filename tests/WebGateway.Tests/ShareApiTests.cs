using System.Security.Claims;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Changes;
using ArtMqtt.Store.Sharing;
using ArtMqtt.TestKit;
using ArtMqtt.WebGateway.Changes;
using ArtMqtt.WebGateway.Sharing;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Handing out links, looking after them, and what they open beside the stream.</summary>
public sealed class ShareApiTests(Gateway gateway) : IClassFixture<Gateway>
{
    private static readonly string[] _opened =
    [
        "GET /api/requests/{requestId}", "GET /api/requests/{requestId}/route", "GET /api/requests/{requestId}/events",
        "GET /api/requests/{requestId}/stream?since=rubbish", "GET /api/share", "GET /api/map/config",
        "GET /openapi/v1.json", "POST /hubs/tracking/negotiate?negotiateVersion=1",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_is_short_says_nothing_to_servers_and_is_shown_once()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var answer = await gateway.CallAsync(
            "POST", $"/api/requests/{id}/shares", """{"label":"Grandma","phases":{"to":"arrived"}}""");

        var token = answer.Json.GetProperty("token").GetString()!;
        var link = new Uri(answer.Json.GetProperty("url").GetString()!);
        Assert.Equal(("viewer", "Grandma"), (answer.Json.GetProperty("role").GetString(), answer.Json.GetProperty("label").GetString()));
        Assert.Equal(("/s", $"#{token[2..]}", 20), (link.PathAndQuery, link.Fragment, link.Fragment.Length));
        var phases = answer.Json.GetProperty("phases");
        Assert.Equal(("assigned", "arrived"), (phases.GetProperty("from").GetString(), phases.GetProperty("to").GetString()));

        var list = await gateway.CallAsync("GET", $"/api/requests/{id}/shares");
        Assert.DoesNotContain(token[2..], list.Text, StringComparison.Ordinal);
        var item = list.Json.GetProperty("items")[0];
        Assert.Equal(("active", "dispatcher", 0), (
            item.GetProperty("state").GetString(), item.GetProperty("createdBy").GetString(), item.GetProperty("opens").GetInt32()));
        Assert.DoesNotContain(gateway.Log.Lines, line => line.Text.Contains(token[2..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_opens_what_it_should_and_nothing_else()
    {
        var (id, _, deviceId) = await gateway.CreateAssignedAsync();
        foreach (var role in new[] { "viewer", "customer" })
        {
            var share = await gateway.ShareAsync(id, $$"""{"role":"{{role}}"}""");
            using var client = gateway.CreateClient(share.Token);
            foreach (var row in AccessTests.Endpoints.Select(row => row.Data))
            {
                string Fill(string text) => text
                    .Replace("{requestId}", id.ToString(), StringComparison.Ordinal)
                    .Replace("{shareId}", share.Id, StringComparison.Ordinal)
                    .Replace("{deviceId}", deviceId, StringComparison.Ordinal);
                var parts = Fill(row.Item1).Split(' ', 2);
                var answer = await Gateway.SendAsync(client, parts[0], parts[1], row.Item2 is null ? null : Fill(row.Item2));
                Assert.True(
                    _opened.Contains(row.Item1) ? answer.Status is 200 or 400 : answer.Status is 403 or 404,
                    $"{role} {row.Item1}: {answer.Status} {answer.Text}");
            }
        }
    }

    [Fact]
    public async Task A_viewer_never_learns_the_place_the_name_or_the_note()
    {
        var created = await gateway.CallAsync(
            "POST", "/api/requests", """{"pickup":{"lat":48.1,"lng":11.5},"customerName":"Ada","note":"Blue van"}""");
        var id = created.Json.GetProperty("requestId").GetGuid();
        await gateway.CallAsync("POST", $"/api/requests/{id}/assign", $$"""{"deviceId":"{{await gateway.CreateDeviceAsync()}}"}""");
        var viewer = await gateway.CallAsync("GET", $"/api/requests/{id}", token: (await gateway.ShareAsync(id)).Token);
        var customer = await gateway.CallAsync(
            "GET", $"/api/requests/{id}", token: (await gateway.ShareAsync(id, """{"role":"customer"}""")).Token);

        Assert.Equal(["requestId", "status", "pickup", "updatedAt"], viewer.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, viewer.Json.GetProperty("pickup").ValueKind);
        Assert.Equal(48.1, customer.Json.GetProperty("pickup").GetProperty("lat").GetDouble());
        Assert.DoesNotContain("Ada", customer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Blue", customer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_opens_its_own_request_only()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var (other, _, _) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id);
        foreach (var path in new[] { "", "/events", "/stream", "/route" })
        {
            Assert.Equal(404, (await gateway.CallAsync("GET", $"/api/requests/{other}{path}", token: share.Token)).Status);
        }

        Assert.Equal(id, (await gateway.CallAsync("GET", "/api/share", token: share.Token)).Json.GetProperty("requestId").GetGuid());
    }

    [Fact]
    public async Task Customers_hand_out_links_to_look_on_and_look_after_those_they_made()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        var theirs = await gateway.ShareAsync(id, """{"label":"Mum"}""", customer);
        var ours = await gateway.ShareAsync(id);
        var path = $"/api/requests/{id}/shares";

        var more = await gateway.CallAsync("POST", path, """{"role":"customer"}""", customer);
        Assert.Equal((403, "share_not_allowed"), (more.Status, more.Code));
        var shown = (await gateway.CallAsync("GET", path, token: customer)).Json.GetProperty("items");
        Assert.Equal([theirs.Id], shown.EnumerateArray().Select(item => item.GetProperty("shareId").GetString()));
        Assert.Equal(200, (await gateway.CallAsync("GET", $"{path}/{theirs.Id}/opens", token: customer)).Status);
        Assert.Equal("share_not_found", (await gateway.CallAsync("GET", $"{path}/{ours.Id}/opens", token: customer)).Code);
        Assert.Equal("share_not_found", (await gateway.CallAsync("DELETE", $"{path}/{ours.Id}", token: customer)).Code);
        Assert.Equal(204, (await gateway.CallAsync("DELETE", $"{path}/{theirs.Id}", token: customer)).Status);
        Assert.Equal(2, (await gateway.CallAsync("GET", path)).Json.GetProperty("items").GetArrayLength());

        await using var strict = await gateway.StartAnotherAsync(("Gateway:Sharing:ByCustomers", "false"));
        Assert.Equal("share_not_allowed", (await strict.CallAsync("POST", path, "{}", customer)).Code);
        Assert.Equal(201, (await strict.CallAsync("POST", path, "{}")).Status);
    }

    [Fact]
    public async Task Revoking_again_changes_nothing()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id);
        await gateway.RevokeAsync(share);
        var revokedAt = (await gateway.FindAsync(share)).GetProperty("revokedAt").GetString();
        await gateway.RevokeAsync(share);
        var item = await gateway.FindAsync(share);
        Assert.Equal((revokedAt, "revoked"), (item.GetProperty("revokedAt").GetString(), item.GetProperty("state").GetString()));
        Assert.NotNull(revokedAt);
        Assert.Equal("share_not_found", (await gateway.CallAsync("DELETE", $"/api/requests/{id}/shares/00000000")).Code);
        var (other, _) = await gateway.CreateRequestAsync();
        Assert.Equal("share_not_found", (await gateway.CallAsync("DELETE", $"/api/requests/{other}/shares/{share.Id}")).Code);
    }

    [Fact]
    public async Task The_same_call_sent_twice_hands_out_one_link()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        await using var other = await gateway.StartAnotherAsync();

        var first = await PostAsync(gateway, id, "k1", """{"label":"Mum"}""");
        var second = await PostAsync(other, id, "k1", """{"label":"Mum"}""");
        var another = await PostAsync(gateway, id, "k1", """{"label":"Dad"}""");

        Assert.Equal((201, 201, 422), (first.Status, second.Status, another.Status));
        Assert.Equal(first.Json.GetProperty("token").GetString(), second.Json.GetProperty("token").GetString());
        Assert.Equal("idempotency_key_reused", another.Code);
        Assert.Single((await gateway.CallAsync("GET", $"/api/requests/{id}/shares")).Json.GetProperty("items").EnumerateArray());

        static async Task<Answer> PostAsync(Gateway node, Guid id, string key, string body)
        {
            using var client = node.CreateClient(node.Dispatcher.ToString());
            client.DefaultRequestHeaders.Add("Idempotency-Key", key);
            return await Gateway.SendAsync(client, "POST", $"/api/requests/{id}/shares", body);
        }
    }

    [Theory]
    [InlineData("""{"role":"dispatcher"}""", "role")]
    [InlineData("""{"phases":{"from":"arrived","to":"en_route"}}""", "phases")]
    [InlineData("""{"phases":{"to":"completed"}}""", "phases")]
    [InlineData("""{"phases":{"from":"nonsense"}}""", "phases")]
    [InlineData("""{"expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    [InlineData("""{"expiresAt":"2999-01-01T00:00:00Z"}""", "expiresAt")]
    public async Task What_makes_no_sense_is_refused(string body, string member)
    {
        var (id, _) = await gateway.CreateRequestAsync();
        var answer = await gateway.CallAsync("POST", $"/api/requests/{id}/shares", body);
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(member, out _));
    }

    [Fact]
    public async Task A_request_that_is_over_or_has_enough_links_gets_no_more()
    {
        await using var strict = await gateway.StartAnotherAsync(("Gateway:Sharing:MaxPerRequest", "2"));
        var (id, _, _) = await gateway.CreateAssignedAsync();
        await strict.RevokeAsync(await strict.ShareAsync(id));
        await strict.ShareAsync(id);
        Assert.Equal("too_many_shares", (await strict.CallAsync("POST", $"/api/requests/{id}/shares", "{}")).Code);
        await gateway.SetStatusAsync(id, "cancelled");
        var over = await gateway.CallAsync("POST", $"/api/requests/{id}/shares", "{}");
        Assert.Equal((409, "request_over"), (over.Status, over.Code));
        Assert.Equal(404, (await gateway.CallAsync("POST", $"/api/requests/{Guid.NewGuid()}/shares", "{}")).Status);
    }

    [Fact]
    public async Task An_opening_is_written_down_when_somebody_watches_and_not_when_the_page_is_loaded()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id);
        using var client = gateway.CreateClient(share.Token);
        client.DefaultRequestHeaders.UserAgent.ParseAdd(
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36");
        foreach (var path in new[] { "/s", "/api/share", $"/api/requests/{id}", $"/api/requests/{id}/route" })
        {
            using var loaded = await client.GetAsync(path, Token);
        }

        var polled = await Gateway.SendAsync(client, "GET", $"/api/requests/{id}/events", null);
        await Gateway.SendAsync(client, "GET", $"/api/requests/{id}/events", null);
        await Gateway.SendAsync(client, "GET", $"/api/requests/{id}/events?since={polled.Json.GetProperty("cursor").GetString()}", null);
        await using (var stream = await ServerSentEvents.OpenAsync(gateway, id, share.Token))
        {
            await stream.NextAsync();
        }

        await Eventually.TrueAsync(async () => (await gateway.OpensAsync(share)).Count == 2, Token);
        var opens = await gateway.OpensAsync(share);
        Assert.Equal(["stream", "poll"], opens.Select(open => open.GetProperty("way").GetString()));
        Assert.Equal(("chrome android", "127.0.0.0/24"), (opens[1].GetProperty("agent").GetString(), opens[1].GetProperty("address").GetString()));
        var item = await gateway.FindAsync(share);
        Assert.Equal(2, item.GetProperty("opens").GetInt32());
        Assert.Equal(opens[0].GetProperty("at").GetDateTimeOffset(), item.GetProperty("lastOpenedAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Guessing_is_slowed_down_and_a_right_link_that_ended_is_no_guess()
    {
        await using var strict = await gateway.StartAnotherAsync(("Gateway:Security:FailedAttemptsPerMinute", "3"));
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id);
        var revoked = await gateway.ShareAsync(id);
        await gateway.RevokeAsync(revoked);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("share_revoked", (await strict.CallAsync("GET", "/api/share", token: revoked.Token)).Code);
        }

        Assert.True(ShareToken.TryParse(share.Token, out var token));
        var statuses = new List<int>();
        for (uint i = 1; i <= 5; i++)
        {
            // The right number with a wrong signature, and the right signature for another number.
            var guess = i % 2 == 0 ? token with { Signature = token.Signature ^ i } : token with { ShareId = token.ShareId ^ i };
            statuses.Add((await strict.CallAsync("GET", "/api/share", token: guess.ToString())).Status);
        }

        Assert.Equal([401, 401, 401, 429, 429], statuses);
        Assert.Equal(429, (await strict.CallAsync("GET", "/api/share", token: ShareToken.Of(7, new byte[32]).ToString())).Status);
    }

    [Fact]
    public async Task A_token_opens_what_it_was_made_for_whatever_the_row_says_later()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var (other, _, _) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id);
        Assert.True(ShareView.TryParseName(share.Id, out var shareId));
        var record = await gateway.Services.GetRequiredService<ShareRepository>().FindAsync(shareId, Token);
        var seal = gateway.Services.GetRequiredService<ShareSeal>();
        Assert.True(ShareToken.TryParse(share.Token, out var token));
        Assert.True(seal.Matches(token, record!));
        Assert.False(seal.Matches(token, record! with { RequestId = other }));
        Assert.False(seal.Matches(token, record! with { Role = ShareRole.Customer }));
        Assert.False(seal.Matches(token, record! with { Phase = record!.Phase with { To = Contracts.Requests.RequestStatus.Arrived } }));
    }

    [Fact]
    public void Row_changes_and_channels_are_closed_to_links()
    {
        var request = Guid.NewGuid();
        var share = new ShareRecord(
            1, request, ShareRole.Customer, default, null, default, "dispatcher", default, null, 0, null);
        var rights = new ChangeRights(
            new ClaimsPrincipal(new ShareIdentity("test", share, 0)), gateway.Services.GetRequiredService<IFleetDirectory>());
        Assert.All(PublishedTable.All, table => Assert.False(rights.TryLimit(table, out _)));
        Assert.False(rights.MayTalk($"request-{request}"));
    }

    [Fact]
    public async Task The_page_of_links_is_not_kept_and_needs_no_token()
    {
        using var client = gateway.CreateClient(null);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            using var message = new HttpRequestMessage(method, "/s");
            using var answer = await client.SendAsync(message, Token);
            Assert.True(answer.IsSuccessStatusCode || answer.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable);
            Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        }
    }
}
