using System.Diagnostics;
using System.Text.Json;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Store.Webhooks;
using ArtMqtt.TestKit;
using ArtMqtt.WebGateway.Eta;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Webhooks over REST, sent to a real server.</summary>
public sealed class WebhookTests(WebhookGateway gateway) : IClassFixture<WebhookGateway>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_change_of_status_is_told_once_and_arrived_by_its_own_event_too()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var (webhook, _) = await gateway.CreateWebhookAsync(receiver.Address, "request.status", "request.arrived");
        var (id, _, deviceId) = await gateway.CreateAssignedAsync();
        await gateway.SetStatusAsync(id, "en_route", "arrived");
        // The note and the device change the request, but not its status.
        Assert.Equal(200, (await gateway.CallAsync("PUT", $"/api/requests/{id}/note", """{"note":"x"}""")).Status);

        await gateway.DeliveredAsync(webhook, 5);
        var calls = receiver.Calls.ToList();
        Assert.Equal(5, calls.Select(call => call.Id).Distinct().Count());
        Assert.All(calls, call => Assert.Equal(id, call.Data.GetProperty("requestId").GetGuid()));
        Assert.Equal(
            ["arrived en_route 4", "assigned pending 2", "en_route assigned 3", "pending  1"],
            calls.Where(call => call.Type == "request.status").Select(call =>
                $"{call.Data.GetProperty("status")} {call.Data.GetProperty("previous")} {call.Data.GetProperty("version")}").Order());
        var arrived = calls.Single(call => call.Type == "request.arrived");
        Assert.Equal(
            (deviceId, "dispatcher"), (arrived.Data.GetProperty("deviceId").GetString(), arrived.Data.GetProperty("by").GetString()));
        Assert.True(arrived.Json.GetProperty("timestamp").GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddHours(-1));
    }

    [Fact]
    public async Task An_operator_who_comes_near_is_told_once_for_each_threshold()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var (webhook, _) = await gateway.CreateWebhookAsync(receiver.Address, "request.eta");
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var told = gateway.Services.GetServices<IEtaMilestones>().OfType<EtaWebhooks>().Single();
        var eta = new EtaEvent(290, 1_700_000_290_000, 3_000, 200, 400, "history", 1_700_000_000_000) { Threshold = 300 };

        await told.OnMilestoneAsync(id, eta, Token);
        await told.OnMilestoneAsync(id, eta, Token);
        await told.OnMilestoneAsync(id, eta with { Threshold = null, DelayedSeconds = 400 }, Token);
        await told.OnMilestoneAsync(id, eta with { Threshold = 60, EtaSeconds = 55 }, Token);

        await gateway.DeliveredAsync(webhook, 2);
        Assert.Equal(
            [$"{id} 290 300", $"{id} 55 60"],
            receiver.Calls.Select(call => call.Data).Select(data =>
                $"{data.GetProperty("requestId")} {data.GetProperty("etaSeconds")} {data.GetProperty("thresholdSeconds")}").Order());
        Assert.Equal(
            DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_290_000), receiver.Calls.First().Data.GetProperty("etaAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_change_that_is_taken_back_is_not_told()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var (webhook, _) = await gateway.CreateWebhookAsync(receiver.Address, "request.status");
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var refused = await gateway.CallAsync("POST", $"/api/requests/{id}/status", """{"status":"completed"}""");
        Assert.Equal(409, refused.Status);
        await gateway.SetStatusAsync(id, "cancelled");
        await gateway.DeliveredAsync(webhook, 3);
        Assert.DoesNotContain("completed", string.Concat(receiver.Calls.Select(call => call.Body)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_npm_package_accepts_the_signature_and_that_of_the_old_secret_while_it_counts()
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Repository.Root, "node_modules", "standardwebhooks")), "The npm packages are not installed: npm ci.");
        await using var receiver = await WebhookReceiver.StartAsync();
        var (webhook, first) = await gateway.CreateWebhookAsync(receiver.Address, "request.status");
        await PingAsync(webhook);
        var alone = (await receiver.ReceivedAsync(1))[0];
        var rotated = await gateway.CallAsync("POST", $"/api/webhooks/{webhook}/secret", """{"overlapSeconds":3600}""");
        var second = rotated.Json.GetProperty("secret").GetString()!;
        await PingAsync(webhook);
        var both = (await receiver.ReceivedAsync(2))[1];
        var ended = await gateway.CallAsync("POST", $"/api/webhooks/{webhook}/secret", """{"overlapSeconds":0}""");
        await PingAsync(webhook);
        var last = (await receiver.ReceivedAsync(3))[2];

        Assert.Equal(alone.Body, await VerifyAsync(first, alone));
        Assert.Equal(both.Body, await VerifyAsync(first, both));
        Assert.Equal(both.Body, await VerifyAsync(second, both));
        Assert.Equal(last.Body, await VerifyAsync(ended.Json.GetProperty("secret").GetString()!, last));
        Assert.Null(await VerifyAsync(second, alone));
        Assert.Null(await VerifyAsync(second, last));
        Assert.Null(await VerifyAsync(first, alone with { Body = alone.Body + " " }));
        Assert.Equal("application/json; charset=utf-8", alone.Headers["Content-Type"]);
    }

    [Fact]
    public async Task What_is_not_taken_is_sent_again_with_the_same_id_until_it_is()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerStatus(500);
        var (webhook, _) = await gateway.CreateWebhookAsync(receiver.Address, "request.status");
        await PingAsync(webhook);
        await receiver.ReceivedAsync(2);
        receiver.Answer = _ => Task.CompletedTask;
        await gateway.DeliveredAsync(webhook, 1);

        Assert.Single(receiver.Calls.Select(call => (call.Id, call.Body)).Distinct());
        var shown = await gateway.CallAsync("GET", $"/api/webhooks/{webhook}");
        Assert.Equal(0, shown.Json.GetProperty("failures").GetInt32());
    }

    [Fact]
    public async Task Nobody_listening_is_noted_and_tried_again_until_somebody_does()
    {
        var port = Ports.Free();
        var (webhook, _) = await gateway.CreateWebhookAsync(new Uri($"http://127.0.0.1:{port}/in"), "request.status");
        await PingAsync(webhook);
        await Eventually.TrueAsync(
            async () => (await gateway.DeliveriesAsync(webhook, "pending")).Any(
                d => d.GetProperty("lastError").GetString() == "connection: ConnectionRefused"), Token);
        Assert.True((await gateway.CallAsync("GET", $"/api/webhooks/{webhook}")).Json.GetProperty("failures").GetInt32() > 0);

        await using var receiver = await WebhookReceiver.StartAsync();
        var moved = await gateway.CallAsync(
            "PUT", $"/api/webhooks/{webhook}", $$"""{"url":"{{receiver.Address}}moved","events":["request.status"]}""");
        Assert.Equal(200, moved.Status);
        await gateway.DeliveredAsync(webhook, 1);
        Assert.Equal("/moved", receiver.Calls.Single().Path);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        var (webhook, _) = await gateway.CreateWebhookAsync(new Uri(receiver.Address, "in"), "request.status");
        await PingAsync(webhook);
        await Eventually.TrueAsync(
            async () => (await gateway.DeliveriesAsync(webhook)).Any(d => d.GetProperty("lastStatus").ToString() == "307"), Token);
        Assert.All(receiver.Calls, call => Assert.Equal("/in", call.Path));
    }

    [Fact]
    public async Task An_answer_without_end_is_left_where_it_is()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var hungUp = new TaskCompletionSource();
        receiver.Answer = async context =>
        {
            context.RequestAborted.Register(hungUp.SetResult);
            var block = new byte[64 * 1024];
            try
            {
                while (true)
                {
                    await context.Response.Body.WriteAsync(block, context.RequestAborted);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // Hung up on.
            }
        };
        var (webhook, _) = await gateway.CreateWebhookAsync(receiver.Address, "request.status");
        await PingAsync(webhook);
        await gateway.DeliveredAsync(webhook, 1);
        await hungUp.Task.WaitAsync(Token);
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_is_disabled_and_what_it_refused_is_a_dead_letter()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerStatus(410);
        var (webhook, _) = await gateway.CreateWebhookAsync(receiver.Address, "request.status");
        await PingAsync(webhook);
        await Eventually.TrueAsync(
            async () => !(await gateway.CallAsync("GET", $"/api/webhooks/{webhook}")).Json.GetProperty("enabled").GetBoolean(), Token);

        Assert.Equal("It answered 410 Gone.", (await gateway.CallAsync("GET", $"/api/webhooks/{webhook}")).Json.GetProperty("disabledReason").GetString());
        Assert.Equal(410, (await gateway.DeliveriesAsync(webhook, "failed")).Single().GetProperty("lastStatus").GetInt32());
        var ping = await gateway.CallAsync("POST", $"/api/webhooks/{webhook}/test");
        Assert.Equal((409, "webhook_disabled"), (ping.Status, ping.Code));
        // What happens now is not for it.
        await gateway.CreateRequestAsync();
        Assert.Single(await gateway.DeliveriesAsync(webhook));
    }

    [Fact]
    public async Task Two_nodes_send_each_event_once()
    {
        await using var second = await gateway.StartAnotherAsync(WebhookGateway.Quick);
        await using var receiver = await WebhookReceiver.StartAsync();
        var (webhook, _) = await gateway.CreateWebhookAsync(receiver.Address, "request.eta");
        var outbox = gateway.Services.GetRequiredService<WebhookOutbox>();
        const int Events = 500;
        await Parallel.ForAsync(0, Events, Token, async (number, token) => await outbox.AddAsync(
            "request.eta", "", "somebody", $"{webhook}:{number}", DateTimeOffset.UnixEpoch, JsonSerializer.SerializeToElement(number), token));

        await Eventually.TrueAsync(async () => (await gateway.DeliveriesAsync(webhook, "pending")).Count == 0, Token);
        Assert.Equal(Enumerable.Range(0, Events), receiver.Calls.Select(call => call.Data.GetInt32()).Order());
    }

    [Fact]
    public async Task The_same_threshold_of_a_request_is_told_once_however_many_nodes_say_it()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var (webhook, _) = await gateway.CreateWebhookAsync(receiver.Address, "request.eta");
        var (id, _) = await gateway.CreateRequestAsync();
        var outbox = gateway.Services.GetRequiredService<WebhookOutbox>();
        var now = TimeProvider.System.GetUtcNow();
        Assert.NotEqual(0, await outbox.AddAsync(new EtaReached(id, 290, now.AddSeconds(290), 300), now, Token));
        Assert.Equal(0, await outbox.AddAsync(new EtaReached(id, 280, now.AddSeconds(290), 300), now, Token));
        Assert.NotEqual(0, await outbox.AddAsync(new EtaReached(id, 55, now.AddSeconds(55), 60), now, Token));
        Assert.Equal(0, await outbox.AddAsync(new EtaReached(Guid.NewGuid(), 1, now, 60), now, Token));

        await gateway.DeliveredAsync(webhook, 2);
        Assert.Equal(
            ["290 300", "55 60"], receiver.Calls.Select(call => $"{call.Data.GetProperty("etaSeconds")} {call.Data.GetProperty("thresholdSeconds")}").Order());
        Assert.Equal(id, receiver.Calls.First().Data.GetProperty("requestId").GetGuid());
    }

    [Theory]
    [InlineData("""{"url":"http://example.org","events":["request.status"]}""", "url")]
    [InlineData("""{"url":"ftp://example.org","events":["request.status"]}""", "url")]
    [InlineData("""{"url":"/relative","events":["request.status"]}""", "url")]
    [InlineData("""{"url":"https://user:word@example.org","events":["request.status"]}""", "url")]
    [InlineData("""{"url":"https://example.org/#part","events":["request.status"]}""", "url")]
    [InlineData("""{"url":"https://127.0.0.1","events":["request.status"]}""", "url")]
    [InlineData("""{"url":"https://2130706433","events":["request.status"]}""", "url")]
    [InlineData("""{"url":"https://[::ffff:10.0.0.1]/","events":["request.status"]}""", "url")]
    [InlineData("""{"url":"https://example.org","events":[]}""", "events")]
    [InlineData("""{"url":"https://example.org","events":["ping"]}""", "events")]
    public async Task Addresses_and_events_that_are_none_are_refused(string body, string member)
    {
        await using var strict = await gateway.StartAnotherAsync(("Gateway:Webhooks:Enabled", "false"));
        var answer = await strict.CallAsync("POST", "/api/webhooks", body);
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(member, out _), answer.Text);
    }

    [Fact]
    public async Task A_webhook_is_changed_only_by_who_knows_its_version_and_its_secret_is_never_shown_again()
    {
        var (webhook, secret) = await gateway.CreateWebhookAsync(new Uri("http://127.0.0.1:1"), "request.status");
        using var client = gateway.CreateClient(gateway.Dispatcher.ToString());
        client.DefaultRequestHeaders.Add("If-Match", "\"1\"");
        var path = $"/api/webhooks/{webhook}";
        const string Body = """{"url":"http://127.0.0.1:1","events":["request.eta"],"description":"night","enabled":false}""";
        var changed = await Gateway.SendAsync(client, "PUT", path, Body);
        var late = await Gateway.SendAsync(client, "PUT", path, Body);

        Assert.Equal((200, 2, false), (changed.Status, changed.Json.GetProperty("version").GetInt32(), changed.Json.GetProperty("enabled").GetBoolean()));
        Assert.Equal((412, "version_mismatch"), (late.Status, late.Code));
        var shown = await gateway.CallAsync("GET", path);
        var listed = await gateway.CallAsync("GET", "/api/webhooks");
        Assert.Contains(webhook.ToString(), listed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", shown.Text + listed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(gateway.Log.Lines, line => line.Text.Contains(secret, StringComparison.Ordinal));
        Assert.Equal(204, (await gateway.CallAsync("DELETE", path)).Status);
        Assert.Equal((404, "webhook_not_found"), (await gateway.CallAsync("GET", path)) is var gone ? (gone.Status, gone.Code) : default);
    }

    [Fact]
    public async Task There_are_not_more_than_allowed()
    {
        await using var small = await gateway.StartAnotherAsync([.. WebhookGateway.Quick, ("Gateway:Webhooks:MaxEndpoints", "1")]);
        await gateway.CreateWebhookAsync(new Uri("http://127.0.0.1:1"), "request.eta");
        var more = await small.CallAsync("POST", "/api/webhooks", """{"url":"http://127.0.0.1:1","events":["request.eta"]}""");
        Assert.Equal((409, "too_many_webhooks"), (more.Status, more.Code));
    }

    private async Task PingAsync(Guid webhook) =>
        Assert.Equal(202, (await gateway.CallAsync("POST", $"/api/webhooks/{webhook}/test")).Status);

    // What the package makes of the body, or null when it refuses it.
    private static async Task<string?> VerifyAsync(string secret, WebhookCall call)
    {
        var script = Path.Combine(Repository.Root, "tests", "WebGateway.Tests", "webhooks", "verify.mjs");
        var result = await ProcessRunner.RunAsync(
            new ProcessStartInfo("node", [script, secret, JsonSerializer.Serialize(call.Headers), call.Body]), TimeSpan.FromMinutes(1));
        return result.ExitCode != 0 ? null : result.Output.Trim() == JsonSerializer.Serialize(call.Json) ? call.Body : result.Output;
    }
}
