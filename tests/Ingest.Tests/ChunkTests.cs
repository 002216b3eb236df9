using ArtMqtt.TestKit;
using Npgsql;

namespace ArtMqtt.Ingest.Tests;

/// <summary>Chunks that are gone when positions for them come.</summary>
public sealed class ChunkTests(TimescaleServer server) : IAsyncLifetime
{
    private const int Day = 86_400;
    private readonly TestSpool _spool = new();
    private Administrator _administrator = null!;
    private IngestNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        var connectionString = await server.CreateDatabaseAsync();
        _administrator = new Administrator(connectionString);
        _node = new IngestNode(connectionString, _spool, ("Ingest:Batch:MaxPositions", "1000"));
        await _node.StartAsync();
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_chunk_that_was_dropped_by_hand_is_made_again()
    {
        _spool.Append(IngestNode.Publish(device: 1, from: 0, count: 100));
        _spool.Append(IngestNode.Publish(device: 1, from: Day, count: 100));
        await _node.StoredAsync(2);
        var chunk = await _administrator.AskAsync<string>(
            "SELECT show_chunks::text FROM show_chunks('positions') ORDER BY show_chunks::text LIMIT 1");

        await _administrator.RunAsync($"DROP TABLE {chunk}");
        _spool.Append(IngestNode.Publish(device: 1, from: 50, count: 100));

        await _node.StoredAsync(3);
        Assert.Equal((200L, 200L), await _administrator.CountAsync());
        Assert.Equal(0, await _administrator.LettersAsync());
    }

    [Fact]
    public async Task Chunks_that_are_dropped_while_they_are_written_stop_nothing()
    {
        const int Publishes = 300;
        var dropping = DropAsync();
        for (var i = 0; i < Publishes; i++)
        {
            _spool.Append(IngestNode.Publish(device: i % 10, from: i % 5 * Day + (i / 50 * 200), count: 200));
        }

        await _node.StoredAsync(Publishes);
        var drops = await dropping;

        Assert.True(drops > 0);
        Assert.Equal(0, await _administrator.LettersAsync());
        _spool.Append(IngestNode.Publish(device: 77, from: 0, count: 100));
        await _node.StoredAsync(Publishes + 1);
        Assert.Equal(100, await _administrator.AskAsync<long>("SELECT count(*) FROM positions WHERE device_key = 77"));
    }

    private async Task<int> DropAsync()
    {
        var dropped = 0;
        await _node.StoredAsync(1);
        while (_spool.Status.Records > 0)
        {
            try
            {
                dropped += (int)await _administrator.AskAsync<long>(
                    "SELECT count(*) FROM drop_chunks('positions', older_than => timestamptz '2030-01-01Z')");
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                // Each waited for the other, and it was this one that had to give way.
            }
        }

        return dropped;
    }
}
