using ArtMqtt.TestKit;
using Npgsql;

namespace ArtMqtt.Ingest.Tests;

/// <summary>An administrator takes the database away from a running node, and gives it back.</summary>
public sealed class AccessTests(TimescaleServer server) : IAsyncLifetime
{
    private const string Password = "only-for-this-test";
    private readonly DiskSpool _disk = new();
    private Administrator _master = null!;
    private Administrator _administrator = null!;
    private string _connectionString = "";
    private string _role = "";

    public async ValueTask InitializeAsync()
    {
        var direct = await server.CreateDatabaseAsync();
        _master = new Administrator(server.ConnectionString);
        _administrator = new Administrator(direct);
        _role = $"owner_of_{_administrator.Database}";
        await _master.RunAsync($"CREATE ROLE {_role} LOGIN PASSWORD '{Password}'");
        await _master.RunAsync($"ALTER DATABASE {_administrator.Database} OWNER TO {_role}");
        _connectionString = new NpgsqlConnectionStringBuilder(direct)
        {
            Username = _role,
            Password = Password,
        }.ConnectionString;
    }

    public ValueTask DisposeAsync() => _disk.DisposeAsync();

    [Theory]
    [InlineData("ALTER ROLE {role} PASSWORD 'another'", "ALTER ROLE {role} PASSWORD '{password}'", "28P01")]
    [InlineData("ALTER ROLE {role} NOLOGIN", "ALTER ROLE {role} LOGIN", "28000")]
    [InlineData("ALTER ROLE {role} CONNECTION LIMIT 0", "ALTER ROLE {role} CONNECTION LIMIT -1", "53300")]
    [InlineData("ALTER DATABASE {db} ALLOW_CONNECTIONS false", "ALTER DATABASE {db} ALLOW_CONNECTIONS true", "55000")]
    [InlineData(
        "ALTER ROLE {role} SET default_transaction_read_only = on",
        "ALTER ROLE {role} RESET default_transaction_read_only", "25006")]
    [InlineData("REVOKE INSERT ON positions FROM {role}", "GRANT INSERT ON positions TO {role}", "42501")]
    [InlineData("ALTER DATABASE {db} RENAME TO {db}_away", "ALTER DATABASE {db}_away RENAME TO {db}", "3D000")]
    public async Task What_is_refused_waits_in_the_spool_and_health_says_why(string take, string giveBack, string state)
    {
        await using var node = new IngestNode(_connectionString, _disk.Spool);
        await node.StartAsync();
        await _disk.AppendAsync(Publishes(0, 50));
        await node.StoredAsync(50);

        await TakeAsync(Fill(take));
        await _disk.AppendAsync(Publishes(50, 200));
        var text = await node.DegradedAsync(state);
        Assert.Contains("200 records wait in the spool, nothing was stored for ", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, text, StringComparison.Ordinal);
        Assert.Equal(50, node.AnySpool.Acknowledged);

        await GiveBackAsync(Fill(giveBack));
        await node.StoredAsync(250);
        Assert.Equal((250L, 250L), await _administrator.CountAsync());
        Assert.Equal(0, await _administrator.LettersAsync());
        await node.HealthyAsync();
    }

    [Fact]
    public async Task Goes_on_with_the_connections_it_has_when_the_password_is_changed()
    {
        await using var node = new IngestNode(_connectionString, _disk.Spool);
        await node.StartAsync();
        await _disk.AppendAsync(Publishes(0, 1));
        await node.StoredAsync(1);

        await _master.RunAsync($"ALTER ROLE {_role} PASSWORD 'another'");
        await _disk.AppendAsync(Publishes(1, 200));

        await node.StoredAsync(201);
        Assert.Empty(node.Measured.Of("artmqtt.ingest.failures", "step=store"));
    }

    private static IEnumerable<Contracts.Positions.ReceivedPositions> Publishes(int from, int count) =>
        Enumerable.Range(from, count).Select(i => IngestNode.Publish(device: i % 20, from: i));

    private string Fill(string sql) => sql.Replace("{role}", _role, StringComparison.Ordinal)
        .Replace("{db}", _administrator.Database, StringComparison.Ordinal)
        .Replace("{password}", Password, StringComparison.Ordinal);

    private async Task TakeAsync(string sql)
    {
        if (sql.Contains(" ON positions ", StringComparison.Ordinal))
        {
            await _administrator.RunAsync(sql);
            return;
        }

        // A database in use cannot be renamed.
        var rename = sql.Contains("RENAME", StringComparison.Ordinal);
        if (rename)
        {
            await _master.RunAsync($"ALTER DATABASE {_administrator.Database} ALLOW_CONNECTIONS false");
            await TerminateAsync();
        }

        await _master.RunAsync(sql);
        await TerminateAsync();
    }

    private async Task GiveBackAsync(string sql)
    {
        await (sql.Contains(" ON positions ", StringComparison.Ordinal) ? _administrator : _master).RunAsync(sql);
        if (sql.Contains("RENAME", StringComparison.Ordinal))
        {
            await _master.RunAsync($"ALTER DATABASE {_administrator.Database} ALLOW_CONNECTIONS true");
        }
    }

    private Task TerminateAsync() => _master.TerminateAsync(_administrator.Database);
}
