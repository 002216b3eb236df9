using ArtMqtt.TestKit;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Webhooks with other settings: nobody else sends in this database.</summary>
public sealed class WebhookSettingsTests(IdleWebhookGateway gateway) : IClassFixture<IdleWebhookGateway>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dead_letters_are_listed_and_sent_again()
    {
        await using var hasty = await gateway.StartAnotherAsync([.. WebhookGateway.Quick, ("Gateway:Webhooks:GiveUpAfter", "00:00:00")]);
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerStatus(500);
        var (webhook, _) = await hasty.CreateWebhookAsync(receiver.Address, "request.status");
        var since = TimeProvider.System.GetUtcNow().AddMinutes(-1).ToString("O");
        await PingAsync(hasty, webhook);
        await PingAsync(hasty, webhook);
        await Eventually.TrueAsync(async () => (await hasty.DeliveriesAsync(webhook, "failed")).Count == 2, Token);
        var dead = (await hasty.DeliveriesAsync(webhook, "failed"))[0];
        Assert.Equal("status 500", dead.GetProperty("lastError").GetString());

        receiver.Answer = _ => Task.CompletedTask;
        var one = await hasty.CallAsync("POST", $"/api/webhooks/{webhook}/deliveries/{dead.GetProperty("id")}/replay");
        Assert.Equal((202, "pending"), (one.Status, one.Json.GetProperty("state").GetString()));
        await hasty.DeliveredAsync(webhook, 1);
        var all = await hasty.CallAsync("POST", $"/api/webhooks/{webhook}/deliveries/replay", $$"""{"since":"{{since}}"}""");
        Assert.Equal(1, all.Json.GetProperty("replayed").GetInt32());
        await hasty.DeliveredAsync(webhook, 2);
        Assert.Equal(2, receiver.Calls.Select(call => call.Id).Distinct().Count());
        var none = await hasty.CallAsync("POST", $"/api/webhooks/{webhook}/deliveries/0/replay");
        Assert.Equal((404, "delivery_not_found"), (none.Status, none.Code));
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_not_called()
    {
        await using var strict = await gateway.StartAnotherAsync([.. WebhookGateway.Quick.Where(setting => !setting.Key.Contains("Networks", StringComparison.Ordinal))]);
        await using var receiver = await WebhookReceiver.StartAsync();
        var (webhook, _) = await strict.CreateWebhookAsync(
            new UriBuilder(receiver.Address) { Host = "localhost" }.Uri, "request.status");
        await PingAsync(strict, webhook);
        await Eventually.TrueAsync(
            async () => (await strict.DeliveriesAsync(webhook)).Single().GetProperty("lastError").GetString()
                is "The endpoint's address is private or special, and Gateway:Webhooks:AllowedNetworks does not have it.", Token);
        Assert.Empty(receiver.Calls);
    }

    private static async Task PingAsync(Gateway node, Guid webhook) =>
        Assert.Equal(202, (await node.CallAsync("POST", $"/api/webhooks/{webhook}/test")).Status);
}
