using ArtMqtt.TestKit;
using Npgsql;

namespace ArtMqtt.Ingest.Tests;

/// <summary>Limits of the server that a batch runs into.</summary>
public sealed class TooMuchTests(TimescaleServer server) : IAsyncLifetime
{
    private string _connectionString = "";
    private Administrator _administrator = null!;

    public async ValueTask InitializeAsync()
    {
        _connectionString = await server.CreateDatabaseAsync();
        _administrator = new Administrator(_connectionString);
        await using var node = new IngestNode(_connectionString, new TestSpool());
        await node.StartAsync();
        node.Spool.Append(IngestNode.Publish(device: 99, from: 0));
        await node.StoredAsync(1);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_batch_that_takes_longer_than_the_servers_timeout_is_halved_until_it_fits()
    {
        // At least a millisecond for each position.
        await _administrator.RunAsync("""
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_sleep(0.0005); RETURN new; END $$;
            CREATE TRIGGER slow BEFORE INSERT ON positions FOR EACH ROW EXECUTE FUNCTION slow()
            """);

        await AssertHalvedAsync(800, EndedByServerAfter(milliseconds: 200), "reason=57014");
    }

    [Fact]
    public async Task A_batch_that_takes_longer_than_our_own_timeout_is_halved_until_it_fits()
    {
        await _administrator.RunAsync("""
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_sleep(0.004); RETURN new; END $$;
            CREATE TRIGGER slow BEFORE INSERT ON positions FOR EACH ROW EXECUTE FUNCTION slow()
            """);

        await AssertHalvedAsync(500, $"{_connectionString};Command Timeout=1", "reason=timeout");
    }

    [Fact]
    public async Task Dead_letters_that_take_longer_than_the_servers_timeout_are_halved_until_they_fit()
    {
        const int Letters = 400;
        await _administrator.RunAsync("""
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_sleep(0.0005); RETURN new; END $$;
            CREATE TRIGGER slow BEFORE INSERT ON dead_letters FOR EACH ROW EXECUTE FUNCTION slow()
            """);
        await using var node = new IngestNode(EndedByServerAfter(milliseconds: 200), new TestSpool());
        for (var i = 0; i < Letters; i++)
        {
            node.Spool.Append([99, 1, 2, 3]);
        }

        await node.StartAsync();

        await node.StoredAsync(Letters);
        Assert.NotEmpty(node.Measured.Of("artmqtt.ingest.failures", "reason=57014"));
        Assert.Equal(Letters, await _administrator.LettersAsync());
    }

    [Fact]
    public async Task A_lock_is_waited_for_and_the_batch_is_as_large_as_before_after_it()
    {
        await using var node = new IngestNode(EndedByServerAfter(milliseconds: 500), new TestSpool());
        await node.StartAsync();
        await using (var dataSource = NpgsqlDataSource.Create(_connectionString))
        {
            await using var connection = await dataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await using var transaction =
                await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand("LOCK TABLE positions IN ACCESS EXCLUSIVE MODE", connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            node.Spool.Append(IngestNode.Publish(device: 1, from: 0, count: 4));

            // 4, 2, 1: a single position that times out is no dead letter.
            await Eventually.TrueAsync(
                () => node.Measured.Of("artmqtt.ingest.failures", "reason=57014").Count >= 4,
                TestContext.Current.CancellationToken);
            await node.DegradedAsync("statement timeout");
        }

        await node.StoredAsync(1);
        var sizes = new List<double>();
        for (var batch = 1; batch <= 30; batch++)
        {
            node.Spool.Append(IngestNode.Publish(device: 1, from: batch * 1_000, count: 1_000));
            await node.StoredAsync(1 + batch);
            sizes.Add(node.Measured.Of("artmqtt.ingest.batch.size").Max());
        }

        Assert.Equal(1_000, sizes[^1]);
        Assert.Equal((30_005L, 30_005L), await _administrator.CountAsync());
        Assert.Equal(0, await _administrator.LettersAsync());
    }

    /// <summary>Only the node's statements: what the test itself asks may take longer on a busy machine.</summary>
    private string EndedByServerAfter(int milliseconds) =>
        $"{_connectionString};Options=-c statement_timeout={milliseconds}";

    private async Task AssertHalvedAsync(int positions, string connectionString, string reason)
    {
        await using var node = new IngestNode(connectionString, new TestSpool());
        node.Spool.Append(IngestNode.Publish(device: 1, from: 0, count: positions / 2));
        node.Spool.Append(IngestNode.Publish(device: 2, from: 0, count: positions / 2));

        await node.StartAsync();

        await node.StoredAsync(2);
        Assert.NotEmpty(node.Measured.Of("artmqtt.ingest.failures", reason));
        Assert.Equal((positions + 1, positions + 1), await _administrator.CountAsync());
        Assert.Equal(0, await _administrator.LettersAsync());

        // Nothing was written twice: what was stored before a failure is not sent again.
        Assert.Equal(0, node.Measured.Of("artmqtt.ingest.positions.duplicates").Sum());
    }
}
