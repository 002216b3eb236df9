using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ArtMqtt.Live.Tests;

/// <summary>Cursors stay good over an orderly restart, and over no other.</summary>
public sealed class StreamPositionsFileTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Guid _request = Guid.NewGuid();
    private readonly RecordingListener _listener = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_folder.Path, "data", "live-streams.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Numbers_go_on_and_an_old_cursor_is_good()
    {
        var cursor = await RunAsync(streams => PublishAsync(streams, 3));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));

        await RunAsync(async streams =>
        {
            Assert.False(File.Exists(Path));
            // What comes before the stream is seeded has its number too.
            await streams.PublishAsync(_request, Place(50), Token);
            await streams.SeedAsync(_request, new LiveSnapshot(Status(RequestStatus.EnRoute), null, null), Token);
            using var subscription = await streams.SubscribeAsync(_request, cursor, _listener, Token);
            Assert.True(subscription.IsRecovered);
            Assert.Equal([cursor with { Sequence = 5 }], subscription.Missed.Select(m => m.Cursor));
            using var older = await streams.SubscribeAsync(_request, cursor with { Sequence = 2 }, _listener, Token);
            Assert.False(older.IsRecovered);
            Assert.Equal([5], older.Missed.Select(m => m.Cursor.Sequence));
            return subscription.Cursor;
        });

        // Nobody asked for it in this life, and it is carried on all the same.
        await RunAsync(_ => Task.FromResult(cursor));
        await RunAsync(async streams =>
        {
            await streams.SeedAsync(_request, new LiveSnapshot(Status(RequestStatus.EnRoute), null, null), Token);
            using var subscription = await streams.SubscribeAsync(_request, cursor with { Sequence = 5 }, _listener, Token);
            Assert.True(subscription.IsRecovered);
            return subscription.Cursor;
        });
    }

    [Fact]
    public async Task A_request_that_went_on_meanwhile_begins_anew()
    {
        var cursor = await RunAsync(streams => PublishAsync(streams, 3));

        await RunAsync(async streams =>
        {
            await streams.SeedAsync(_request, new LiveSnapshot(Status(RequestStatus.Completed), null, null), Token);
            using var subscription = await streams.SubscribeAsync(_request, cursor, _listener, Token);
            Assert.False(subscription.IsRecovered);
            Assert.NotEqual(cursor.Epoch, subscription.Cursor.Epoch);
            return cursor;
        });
    }

    [Theory]
    [InlineData("crash")]
    [InlineData("another boot")]
    [InlineData("damage")]
    [InlineData("half")]
    public async Task After_anything_else_streams_begin_anew(string what)
    {
        var cursor = await RunAsync(streams => PublishAsync(streams, 3));
        var text = await File.ReadAllTextAsync(Path, Token);
        switch (what)
        {
            case "crash":
                // The next process took the file, and never got to write one.
                await RunAsync(_ => Task.FromResult(cursor), isOrderly: false);
                break;
            case "another boot":
                await File.WriteAllTextAsync(Path, text.Replace("\"Boot\":\"", "\"Boot\":\"0", StringComparison.Ordinal), Token);
                break;
            case "damage":
                await File.WriteAllTextAsync(Path, """{"Boot":"x","Streams":null}""", Token);
                break;
            default:
                await File.WriteAllTextAsync(Path, text[..(text.Length / 2)], Token);
                break;
        }

        await RunAsync(async streams =>
        {
            await streams.SeedAsync(_request, new LiveSnapshot(Status(RequestStatus.EnRoute), null, null), Token);
            using var subscription = await streams.SubscribeAsync(_request, cursor, _listener, Token);
            Assert.False(subscription.IsRecovered);
            return cursor;
        });
    }

    private static LocationEvent Place(long timestamp) => new(PositionRole.Operator, 48.1, 11.5, timestamp, null, null, null);

    private static StatusEvent Status(RequestStatus status) => new(status, null, 1, "test");

    private async Task<Cursor> PublishAsync(ILiveStreams streams, int places)
    {
        // A stream of unknown status is nothing to go on with.
        await streams.PublishAsync(Guid.NewGuid(), Place(1), Token);
        var last = await streams.PublishAsync(_request, Status(RequestStatus.EnRoute), Token);
        for (var i = 1; i <= places; i++)
        {
            last = await streams.PublishAsync(_request, Place(i), Token);
        }

        return last!.Cursor;
    }

    private async Task<Cursor> RunAsync(Func<ILiveStreams, Task<Cursor>> live, bool isOrderly = true)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Live:PositionsFile"] = Path;
        builder.Services.AddLiveStreams(builder.Configuration);
        using var host = builder.Build();
        await host.StartAsync(Token);
        var cursor = await live(host.Services.GetRequiredService<ILiveStreams>());
        if (isOrderly)
        {
            await host.StopAsync(Token);
        }

        return cursor;
    }
}
