using ArtMqtt.TestKit.Chaos;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.WebGateway.Tests.Chaos;

/// <summary>
/// Watchers behind a proxy that cuts, half-closes, stalls, delays, refuses and blocks WebSockets, who change between all
/// transports at random: what they receive is the stream, in order, once.
/// </summary>
public sealed class ChaosTests(PromptGateway prompt, ThinningGateway thinning, ITestOutputHelper output)
    : IClassFixture<PromptGateway>, IClassFixture<ThinningGateway>
{
    private const int Watchers = 6;

    // The one thing that may keep an event waiting for long is a connection that has nobody at its end any more.
    private static readonly TimeSpan _mostPatience = TimeSpan.FromMilliseconds(300);
    private readonly int _seed = ChaosRun.Seed();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_watcher_gets_over_changing_transports_is_the_stream_in_order_and_once()
    {
        var overtaken = new HashSet<long>();
        await WatchAsync(
            prompt,
            async publisher =>
            {
                var clear = 0;
                for (var i = 0; i < ChaosRun.Events; i++)
                {
                    if (await IsClearAsync())
                    {
                        clear = i;
                    }
                    else
                    {
                        overtaken.UnionWith(publisher.Published.Skip(clear).Select(numbered => numbered.Cursor.Sequence));
                    }

                    await publisher.PublishAsync(Token);
                    await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
                }
            },
            (publisher, numbers) =>
            {
                var missing = publisher.Published.Select(numbered => numbered.Cursor.Sequence).Except(numbers).ToList();
                Assert.Empty(missing.Except(overtaken));
                Assert.Empty(publisher.Statuses.Except(numbers));
            });
        output.WriteLine($"{overtaken.Count} events were overtaken by the next while a connection did not take them.");
        Assert.InRange(overtaken.Count, 0, ChaosRun.Events / 2);
    }

    [Fact]
    public async Task A_thinned_view_keeps_the_order_every_status_and_the_newest_of_all() => await WatchAsync(
        thinning,
        async publisher =>
        {
            for (var i = 0; i < ChaosRun.Events; i++)
            {
                await publisher.PublishAsync(Token);
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
            }
        },
        (publisher, numbers) =>
        {
            Assert.Empty(publisher.Statuses.Except(numbers));
            Assert.Empty(publisher.LastOfEach.Except(numbers));
            Assert.Empty(numbers.Except(publisher.Published.Select(numbered => numbered.Cursor.Sequence)));
        });

    private async Task<bool> IsClearAsync()
    {
        for (var started = TimeProvider.System.GetTimestamp(); prompt.Watched.AnyWaits();)
        {
            if (TimeProvider.System.GetElapsedTime(started) > _mostPatience)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Token);
        }

        return true;
    }

    private async Task WatchAsync(
        Gateway gateway, Func<ChaosPublisher, Task> publishAsync, Action<ChaosPublisher, IReadOnlyList<long>> check)
    {
        output.WriteLine($"ARTMQTT_CHAOS_SEED={_seed}, ARTMQTT_CHAOS_EVENTS={ChaosRun.Events}");
        var random = new Random(_seed);
        var (id, token, _) = await gateway.CreateAssignedAsync();
        var (otherId, _, _) = await gateway.CreateAssignedAsync();
        var cursor = (await gateway.CallAsync("GET", $"/api/requests/{id}/events", token: token)).Json.GetProperty("cursor").GetString()!;
        await using var proxy = new ChaosProxy(gateway.Address.Port, _seed);
        var address = new Uri($"http://127.0.0.1:{proxy.Port}");
        await using var sdk = await SdkWatcher.StartAsync(address, gateway.Dispatcher.ToString(), id, otherId);
        proxy.LetLoose();

        var publisher = new ChaosPublisher(gateway.Streams, id, otherId, random);
        var last = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        List<ChaosWatcher> watchers =
            [.. Enumerable.Range(0, Watchers).Select(_ => new ChaosWatcher(address, id, token, cursor, new Random(random.Next())))];
        var watching = Task.WhenAll(watchers.Select(watcher => watcher.RunAsync(last.Task, Token)));
        await Task.WhenAny(watching, Task.Run(async () =>
        {
            await publishAsync(publisher);
            last.SetResult(publisher.Published[^1].Cursor.Sequence);
        }, Token)).Unwrap();
        await watching;
        await sdk.HasAsync(last.Task.Result);
        await sdk.StopAsync();

        output.WriteLine($"{proxy}");
        foreach (var (what, count) in watchers.SelectMany(watcher => watcher.Counts).GroupBy(count => count.Key)
            .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, group.Sum(count => count.Value))))
        {
            output.WriteLine($"{what}: {count}");
        }

        output.WriteLine($"SDK: {string.Join(", ", sdk.States.CountBy(state => state).Select(count => $"{count.Key} {count.Value}"))}");
        foreach (var numbers in watchers.Select(watcher => watcher.Book.Numbers).Append(sdk.Numbers))
        {
            Assert.All(numbers.Zip(numbers.Skip(1)), pair => Assert.True(pair.First < pair.Second, $"{pair.Second} came after {pair.First}."));
            check(publisher, numbers);
        }

        Assert.DoesNotContain("denied", sdk.States);
        // To Kestrel a body of a SignalR POST that ends too early is an error of the application.
        Assert.Equal("", string.Join('\n', gateway.Log.Lines.Where(
            line => line.Level >= LogLevel.Error && line.Exception is not BadHttpRequestException)));
        watchers.ForEach(watcher => watcher.Dispose());
    }
}
