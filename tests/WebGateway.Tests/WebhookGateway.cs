using ArtMqtt.TestKit;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>A gateway that may call this machine, and that waits no longer than a test can.</summary>
public sealed class WebhookGateway(TimescaleServer server) : Gateway(server)
{
    public static readonly (string Key, string Value)[] Quick =
    [
        ("Gateway:Webhooks:AllowHttp", "true"), ("Gateway:Webhooks:AllowedNetworks:0", "127.0.0.0/8"),
        ("Gateway:Webhooks:PollInterval", "00:00:00.020"), ("Gateway:Webhooks:RetryAfter", "00:00:00.050"),
    ];

    protected override IEnumerable<(string Key, string Value)> Settings => Quick;
}

/// <summary>The same, but it sends nothing by itself.</summary>
public sealed class IdleWebhookGateway(TimescaleServer server) : Gateway(server)
{
    protected override IEnumerable<(string Key, string Value)> Settings =>
        [.. WebhookGateway.Quick, ("Gateway:Webhooks:Enabled", "false")];
}

/// <summary>What tests do with webhooks over REST.</summary>
internal static class WebhookCalls
{
    public static async Task<(Guid Id, string Secret)> CreateWebhookAsync(
        this Gateway gateway, Uri address, params string[] events)
    {
        var answer = await gateway.CallAsync(
            "POST", "/api/webhooks", $$"""{"url":"{{address}}","events":["{{string.Join("\",\"", events)}}"]}""");
        Assert.True(answer.Status == 201, answer.Text);
        return (answer.Json.GetProperty("webhook").GetProperty("id").GetGuid(), answer.Json.GetProperty("secret").GetString()!);
    }

    /// <summary>The deliveries of a webhook, newest first.</summary>
    public static async Task<IReadOnlyList<System.Text.Json.JsonElement>> DeliveriesAsync(
        this Gateway gateway, Guid id, string? state = null)
    {
        var answer = await gateway.CallAsync(
            "GET", $"/api/webhooks/{id}/deliveries{(state is null ? "" : $"?state={state}")}");
        Assert.True(answer.Status == 200, answer.Text);
        return [.. answer.Json.GetProperty("items").EnumerateArray()];
    }

    public static Task DeliveredAsync(this Gateway gateway, Guid id, int count) => Eventually.TrueAsync(
        async () => (await gateway.DeliveriesAsync(id, "delivered")).Count == count,
        TestContext.Current.CancellationToken);
}
