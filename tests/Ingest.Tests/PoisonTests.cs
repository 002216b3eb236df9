using ArtMqtt.Contracts.Positions;
using ArtMqtt.TestKit;

namespace ArtMqtt.Ingest.Tests;

/// <summary>Positions the database refuses, and how often it is asked for that.</summary>
public sealed class PoisonTests(TimescaleServer server) : IAsyncLifetime
{
    private const int PerPublish = 50;
    private readonly TestSpool _spool = new();
    private string _connectionString = "";
    private Administrator _administrator = null!;

    public async ValueTask InitializeAsync()
    {
        _connectionString = await server.CreateDatabaseAsync();
        _administrator = new Administrator(_connectionString);
        await using (var node = new IngestNode(_connectionString, new TestSpool()))
        {
            await node.StartAsync();
            node.Spool.Append(IngestNode.Publish(device: 99_999, from: 0));
            await node.StoredAsync(1);
        }

        // A sequence is not rolled back, so it counts the attempts that fail too.
        await _administrator.RunAsync("""
            DELETE FROM positions;
            CREATE SEQUENCE attempts;
            CREATE FUNCTION count_attempt() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM nextval('attempts'); RETURN null; END $$;
            CREATE TRIGGER count_attempt BEFORE INSERT ON positions EXECUTE FUNCTION count_attempt()
            """);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(0)]
    [InlineData(31_415)]
    [InlineData(49_999)]
    public async Task One_in_a_batch_of_50_000_goes_to_the_dead_letters_alone(int poison)
    {
        Fill(50_000, i => i == poison);

        await using var node = await StoreAsync();

        Assert.Equal((49_999L, 49_999L), await _administrator.CountAsync());
        Assert.InRange(await AttemptsAsync(), 17, 50);
        var payload = await _administrator.AskAsync<byte[]>(
            "SELECT payload FROM dead_letters WHERE code = 'position_refused_by_store' AND detail LIKE '23514: %'");
        Assert.True(SpoolRecord.TryDecode(payload, out var kept, out _));
        Assert.Equal(At(poison, isPoison: true), Assert.Single(kept!.Positions).Position);
        Assert.Equal(1, await _administrator.LettersAsync());
    }

    [Fact]
    public async Task Several_in_a_batch_of_50_000_go_to_the_dead_letters_alone()
    {
        int[] poison = [7, 8, 12_345, 12_399, 30_000, 49_998, 49_999];
        Fill(50_000, poison.Contains);

        await using var node = await StoreAsync();

        Assert.Equal((49_993L, 49_993L), await _administrator.CountAsync());
        Assert.Equal(7, await _administrator.LettersAsync());
        Assert.InRange(await AttemptsAsync(), 17, 7 * 40);
    }

    [Fact]
    public async Task A_constraint_that_refuses_everything_costs_one_attempt_each_and_loses_nothing()
    {
        const int Positions = 3_000;
        await _administrator.RunAsync("ALTER TABLE positions ADD CONSTRAINT wrong CHECK (seq IS NOT NULL)");
        Fill(Positions, _ => false);

        // Beyond the limit for what devices send, which is for what never was a position.
        await using var node = await StoreAsync(("Store:MaxDeadLetters", "100"));

        Assert.Equal(0, (await _administrator.CountAsync()).Rows);
        Assert.Equal(Positions, await _administrator.LettersAsync());
        Assert.InRange(await AttemptsAsync(), Positions, Positions + 20);

        // And with the constraint gone, everything new is stored as before.
        await _administrator.RunAsync("ALTER TABLE positions DROP CONSTRAINT wrong");
        _spool.Append(IngestNode.Publish(device: 1, from: 100_000, count: 1_000));
        await node.StoredAsync((Positions / PerPublish) + 1);
        Assert.Equal(1_000, (await _administrator.CountAsync()).Rows);
    }

    [Fact]
    public async Task What_a_trigger_raises_is_about_the_position()
    {
        await _administrator.RunAsync("""
            CREATE FUNCTION at_home() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN IF new.device_key = 3 THEN RAISE 'not this one'; END IF; RETURN new; END $$;
            CREATE TRIGGER at_home BEFORE INSERT ON positions FOR EACH ROW EXECUTE FUNCTION at_home()
            """);
        Fill(500, _ => false);

        await using var node = await StoreAsync();

        Assert.Equal(450, (await _administrator.CountAsync()).Rows);
        Assert.Equal(50, await _administrator.AskAsync<long>(
            "SELECT count(*) FROM dead_letters WHERE detail = 'P0001: not this one'"));
    }

    private static Position At(int index, bool isPoison) =>
        new(isPoison ? 91 : 48.1, 11.5, IngestNode.Start.AddSeconds(index));

    // Sorted by device, then time, they lie in the order of their index.
    private void Fill(int positions, Func<int, bool> isPoison)
    {
        for (var publish = 0; publish < positions / PerPublish; publish++)
        {
            _spool.Append(IngestNode.Publish(device: publish, from: 0) with
            {
                Positions = [.. Enumerable.Range(publish * PerPublish, PerPublish)
                    .Select(i => new ReceivedPosition(At(i, isPoison(i)), IsClockSuspect: false))],
            });
        }
    }

    private async Task<IngestNode> StoreAsync(params (string Key, string Value)[] settings)
    {
        var records = _spool.Status.Records;
        var node = new IngestNode(_connectionString, _spool, settings);
        await node.StartAsync();
        await node.StoredAsync(records);
        return node;
    }

    private Task<long> AttemptsAsync() => _administrator.AskAsync<long>("SELECT last_value FROM attempts");
}
