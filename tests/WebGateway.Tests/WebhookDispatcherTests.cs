using System.Diagnostics.Metrics;
using System.Text.Json;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Webhooks;
using ArtMqtt.TestKit;
using ArtMqtt.WebGateway.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Sending, with a clock of the test: nodes that die, receivers that are silent, days that pass.</summary>
public sealed class WebhookDispatcherTests(IdleWebhookGateway gateway) : IClassFixture<IdleWebhookGateway>
{
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Retries_follow_after_waits_that_grow_and_end_after_a_day_as_a_dead_letter()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerStatus(500);
        var webhook = await CreateAsync(receiver);
        using var node = await StartAsync();

        var waits = new List<TimeSpan>();
        while (await NotedAsync(webhook, waits.Count + 1) is { } next)
        {
            waits.Add(next - _time.GetUtcNow());
            _time.SetUtcNow(next);
        }

        Assert.InRange(waits.Count, 15, 40);
        Assert.InRange(waits[0], TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));
        Assert.All(waits, wait => Assert.True(wait <= TimeSpan.FromHours(2)));
        Assert.InRange(waits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait), TimeSpan.FromHours(20), TimeSpan.FromHours(24));
        Assert.Equal(waits.Count + 1, receiver.Calls.Count);
        Assert.Single(receiver.Calls.Select(call => call.Id).Distinct());
        Assert.Equal("status 500", (await gateway.DeliveriesAsync(webhook, "failed")).Single().GetProperty("lastError").GetString());
        await StopAsync(node);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_in_time_is_tried_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var silence = new TaskCompletionSource();
        receiver.Answer = _ => silence.Task;
        var webhook = await CreateAsync(receiver);
        using var node = await StartAsync();
        await receiver.ReceivedAsync(1);
        _time.Advance(new WebhookOptions().Timeout);
        Assert.NotNull(await NotedAsync(webhook, 1));
        Assert.Equal("timeout", (await gateway.DeliveriesAsync(webhook)).Single().GetProperty("lastError").GetString());

        receiver.Answer = _ => Task.CompletedTask;
        _time.Advance(TimeSpan.FromSeconds(5));
        await GoOnUntilAsync(async () => (await gateway.DeliveriesAsync(webhook, "delivered")).Count == 1);
        Assert.Single(receiver.Calls.Select(call => call.Id).Distinct());
        silence.SetResult();
        await StopAsync(node);
    }

    [Fact]
    public async Task What_a_node_took_and_never_noted_is_sent_by_another_when_the_lease_ends()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var webhook = await CreateAsync(receiver);
        var now = _time.GetUtcNow();
        // As a node does that is killed between sending and noting.
        var all = await Service<DueDeliveries>().ClaimAsync(now, now.AddSeconds(45), [], 4, 64, Token);
        // What other tests left behind is due too.
        var taken = Assert.Single(all, delivery => delivery.EndpointId == webhook);

        using var node = await StartAsync();
        _time.Advance(TimeSpan.FromSeconds(44));
        Assert.Empty(receiver.Calls);
        _time.Advance(TimeSpan.FromSeconds(1));
        await GoOnUntilAsync(async () => (await gateway.DeliveriesAsync(webhook, "delivered")).Count == 1);
        Assert.Equal(WebhookSender.IdOf(taken.EventId), Assert.Single(receiver.Calls).Id);
        await StopAsync(node);
    }

    [Fact]
    public async Task A_dead_receiver_holds_up_nobody_else()
    {
        await using var dead = await WebhookReceiver.StartAsync();
        var silence = new TaskCompletionSource();
        dead.Answer = _ => silence.Task;
        await using var alive = await WebhookReceiver.StartAsync();
        var deadId = await CreateAsync(dead, events: 200);
        var aliveId = await CreateAsync(alive, events: 200);
        // The dead one alone has more events than there are calls.
        using var node = await StartAsync(Settings(maxConcurrent: 8));

        await GoOnUntilAsync(async () => (await gateway.DeliveriesAsync(aliveId, "delivered")).Count == 100);
        await alive.ReceivedAsync(200);
        Assert.InRange(dead.Calls.Count, 1, 4);
        Assert.Empty(await gateway.DeliveriesAsync(deadId, "delivered"));
        silence.SetResult();
        await StopAsync(node);
    }

    [Fact]
    public async Task An_endpoint_that_fails_gets_one_call_at_a_time_until_it_works_and_then_all_of_them()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerStatus(500);
        var webhook = await CreateAsync(receiver, events: 50);
        using var node = await StartAsync();
        await GoOnUntilAsync(() => Task.FromResult(receiver.Calls.Count >= 6));
        // Four at once, then one by one with pauses.
        await GoOnUntilAsync(async () => await FailuresAsync(webhook) >= 3);
        var calls = receiver.Calls.Count;
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(async () => (await gateway.DeliveriesAsync(webhook, "pending")).Count == 50, Token);
        Assert.InRange(receiver.Calls.Count - calls, 0, 1);

        receiver.Answer = _ => Task.CompletedTask;
        _time.Advance(TimeSpan.FromMinutes(5));
        await GoOnUntilAsync(async () => (await gateway.DeliveriesAsync(webhook, "delivered")).Count == 50);
        Assert.Equal(0, await FailuresAsync(webhook));
        await StopAsync(node);
    }

    [Fact]
    public async Task An_endpoint_that_fails_for_too_long_is_disabled_and_its_events_become_dead_letters()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerStatus(500);
        var webhook = await CreateAsync(receiver);
        using var node = await StartAsync(Settings(disableAfter: TimeSpan.FromHours(1)));
        var failing = _time.GetUtcNow();
        for (var attempt = 1; (await ShownAsync(webhook)).GetProperty("enabled").GetBoolean(); attempt++)
        {
            _time.SetUtcNow((await NotedAsync(webhook, attempt))!.Value);
        }

        Assert.InRange(_time.GetUtcNow() - failing, TimeSpan.FromHours(1), TimeSpan.FromHours(6));
        Assert.Equal(RetryRules.FailingReason, (await ShownAsync(webhook)).GetProperty("disabledReason").GetString());
        Assert.Single(await gateway.DeliveriesAsync(webhook, "pending"));
        _time.Advance(TimeSpan.FromDays(1));
        await GoOnUntilAsync(async () => (await gateway.DeliveriesAsync(webhook, "failed")).Count == 1);
        await StopAsync(node);
    }

    [Fact]
    public async Task What_is_old_is_forgotten_dead_letters_later_than_the_rest()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.StatusCode = receiver.Calls.Count == 1 ? 200 : 410;
            return Task.CompletedTask;
        };
        var webhook = await CreateAsync(receiver);
        using var node = await StartAsync();
        await GoOnUntilAsync(async () => (await gateway.DeliveriesAsync(webhook, "delivered")).Count == 1);
        Assert.Equal(202, (await gateway.CallAsync("POST", $"/api/webhooks/{webhook}/test")).Status);
        await GoOnUntilAsync(async () => (await gateway.DeliveriesAsync(webhook, "failed")).Count == 1);

        _time.Advance(TimeSpan.FromDays(4));
        await GoOnUntilAsync(async () => (await gateway.DeliveriesAsync(webhook)).Count == 1);
        Assert.Single(await gateway.DeliveriesAsync(webhook, "failed"));
        _time.Advance(TimeSpan.FromDays(27));
        await GoOnUntilAsync(async () => (await gateway.DeliveriesAsync(webhook)).Count == 0);
        await StopAsync(node);
    }

    [Fact]
    public async Task A_node_that_stops_waits_for_the_answer_and_notes_it()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var answer = new TaskCompletionSource();
        receiver.Answer = _ => answer.Task;
        var webhook = await CreateAsync(receiver);
        using var node = await StartAsync();
        await receiver.ReceivedAsync(1);
        var stopping = StopAsync(node);
        answer.SetResult();
        await stopping;
        Assert.Single(await gateway.DeliveriesAsync(webhook, "delivered"));
    }

    private T Service<T>()
        where T : notnull => gateway.Services.GetRequiredService<T>();

    // A webhook with events that are due.
    private async Task<Guid> CreateAsync(WebhookReceiver receiver, int events = 1)
    {
        var (id, _) = await gateway.CreateWebhookAsync(receiver.Address, "request.eta");
        for (var i = 0; i < events; i++)
        {
            Assert.Equal(202, (await gateway.CallAsync("POST", $"/api/webhooks/{id}/test")).Status);
        }

        return id;
    }

    private async Task<WebhookDispatcher> StartAsync(WebhookOptions? settings = null)
    {
        var options = Options.Create(settings ?? Settings());
        var sender = new WebhookSender(
            new WebhookConnector(new AddressRules(options), options), new WebhookSecrets(Service<CredentialHasher>()), options, _time);
        var node = new WebhookDispatcher(
            Service<DueDeliveries>(), sender, new RetryRules(options), new WebhookMetrics(Service<IMeterFactory>()), options, _time,
            NullLogger<WebhookDispatcher>.Instance);
        await node.StartAsync(Token);
        return node;
    }

    private static WebhookOptions Settings(int maxConcurrent = 64, TimeSpan? disableAfter = null) => new()
    {
        AllowHttp = true,
        AllowedNetworks = ["127.0.0.0/8"],
        PollInterval = _step,
        MaxConcurrent = maxConcurrent,
        DisableAfter = disableAfter ?? TimeSpan.FromDays(5),
    };

    private static async Task StopAsync(WebhookDispatcher node)
    {
        await node.StopAsync(Token);
        await node.ExecuteTask!;
    }

    // Lets the dispatcher look again and again, in steps that no call takes for a time-out.
    private Task GoOnUntilAsync(Func<Task<bool>> condition) => Eventually.TrueAsync(
        async () =>
        {
            _time.Advance(_step);
            return await condition();
        },
        Token);

    // Waits until an attempt is noted; says when the next one is due, null when there is none.
    private async Task<DateTimeOffset?> NotedAsync(Guid webhook, int attempts)
    {
        JsonElement delivery = default;
        await GoOnUntilAsync(async () =>
        {
            // In this order: while an attempt is under way, its delivery is due when its lease ends.
            if (await FailuresAsync(webhook) < attempts)
            {
                return false;
            }

            delivery = (await gateway.DeliveriesAsync(webhook)).Single();
            return true;
        });
        return delivery.GetProperty("state").GetString() == "pending"
            ? delivery.GetProperty("nextAttemptAt").GetDateTimeOffset()
            : null;
    }

    private async Task<JsonElement> ShownAsync(Guid webhook) =>
        (await gateway.CallAsync("GET", $"/api/webhooks/{webhook}")).Json;

    private async Task<int> FailuresAsync(Guid webhook) => (await ShownAsync(webhook)).GetProperty("failures").GetInt32();
}
