using System.Text;
using ArtMqtt.TestKit;
using ArtMqtt.WebGateway.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>What callers learn when something behind the gateway fails, or is full.</summary>
public sealed class FailureTests(Gateway gateway) : IClassFixture<Gateway>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_the_database_calls_get_503_and_live_goes_on()
    {
        await using var cut = await gateway.StartAnotherAsync(
            ("Store:ConnectionString", $"Host=127.0.0.1;Port={Ports.Free()};Database=none;Username=none;Timeout=2"));
        var answer = await cut.CallAsync("GET", "/api/requests");
        Assert.Equal((503, "store_unavailable"), (answer.Status, answer.Code));

        await using var connection = await cut.ConnectAsync(cut.Dispatcher.ToString());
        var refused = await Assert.ThrowsAsync<HubException>(
            () => connection.InvokeAsync<object>("join:request", Guid.NewGuid().ToString(), null, Token));
        Assert.Contains("store_unavailable: ", refused.Message, StringComparison.Ordinal);

        var known = Guid.NewGuid();
        await cut.PublishStatusAsync(known);
        // Whose a request is that the fleet does not know, the database would say; an admin of all need not know.
        await using var watcher = await Watcher.ConnectAsync(cut, cut.Admin.ToString());
        await watcher.JoinAsync(known);
        await cut.PublishAsync(known, second: 1);
        Assert.Equal("operator:location", (await watcher.NextAsync()).Name);
    }

    [Fact]
    public async Task An_unforeseen_fault_is_logged_and_tells_nothing()
    {
        using var log = new RecordingLogger();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = gateway.Services, Response = { Body = body } };
        var handler = new ExceptionProblems(new Logger<ExceptionProblems>(new LoggerFactory([log])));

        Assert.True(await handler.TryHandleAsync(context, new InvalidOperationException("the inner workings"), Token));

        var text = Encoding.UTF8.GetString(body.ToArray());
        Assert.Equal(500, context.Response.StatusCode);
        Assert.Contains("\"code\":\"internal_error\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("inner workings", text, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Error, Assert.Single(log.Lines).Level);
    }

    [Fact]
    public async Task Watches_and_connections_are_limited()
    {
        await using var small = await gateway.StartAnotherAsync(
            ("Gateway:Live:MaxWatches", "1"), ("Gateway:Live:MaxConnections", "1"));
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        await small.PublishStatusAsync(first);
        await small.PublishStatusAsync(second);
        await using var watcher = await Watcher.ConnectAsync(small, small.Dispatcher.ToString());
        await watcher.JoinAsync(first);
        await watcher.JoinAsync(first);
        var refused = await Assert.ThrowsAsync<HubException>(() => watcher.JoinAsync(second));
        Assert.Contains("too_many_watches: ", refused.Message, StringComparison.Ordinal);
        await watcher.Connection.InvokeAsync("leave:request", first.ToString(), Token);
        await watcher.JoinAsync(second);

        var closed = new TaskCompletionSource<Exception?>();
        await using var surplus = new HubConnectionBuilder()
            .WithUrl(new Uri(small.Address, $"/hubs/tracking?access_token={small.Dispatcher}"))
            .Build();
        surplus.Closed += reason =>
        {
            closed.TrySetResult(reason);
            return Task.CompletedTask;
        };
        await surplus.StartAsync(Token);
        Assert.Contains("too_many_connections: ", (await closed.Task)!.Message, StringComparison.Ordinal);
    }
}
