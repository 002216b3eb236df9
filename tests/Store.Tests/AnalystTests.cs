using ArtMqtt.Store.Schema;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ArtMqtt.Store.Tests;

/// <summary>What the role of analysts can do, and what it cannot.</summary>
public sealed class AnalystTests(StoreDatabase database, TimescaleServer server)
    : IClassFixture<StoreDatabase>, IAsyncLifetime
{
    private const string Denied = PostgresErrorCodes.InsufficientPrivilege;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly AnalystLogin _login = new(database.DataSource);
    private NpgsqlDataSource _analyst = null!;

    public async ValueTask InitializeAsync()
    {
        await using var fill = database.DataSource.CreateCommand("""
            INSERT INTO devices (device_key, device_id, secret_hash) VALUES (7, 'truck', '\x00') ON CONFLICT DO NOTHING;
            INSERT INTO positions (device_key, fix_time, received_at, role, lat, lng)
            VALUES (7, '2026-01-01Z', now(), 0, 1, 1), (8, '2026-01-01Z', now(), 2, 0, 0) ON CONFLICT DO NOTHING
            """);
        await fill.ExecuteNonQueryAsync(Token);
        await _login.PrepareAsync();
        _analyst = _login.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        await _analyst.DisposeAsync();
        _login.Dispose();
    }

    [Fact]
    public async Task Reads_every_view()
    {
        Assert.Equal("truck", await AnalystLogin.AskAsync(_analyst, "SELECT device_id FROM routes"));
        foreach (var view in (string[])["routes", "latest_positions", "trips", "stops", "hours"])
        {
            Assert.IsType<long>(await AnalystLogin.AskAsync(_analyst, $"SELECT count(*) FROM {view}"));
        }

        Assert.Empty(_login.Log);
    }

    [Fact]
    public async Task The_queries_in_the_documents_run()
    {
        var queries = DocumentedQueries.Read()
            .Where(query => !query.Contains("_geography", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, queries.Count);
        foreach (var query in queries)
        {
            await AnalystLogin.AskAsync(_analyst, query);
        }
    }

    [Fact]
    public async Task Reads_no_table()
    {
        var tables = (string)(await AnalystLogin.AskAsync(database.DataSource, """
            SELECT string_agg(c.oid::regclass::text, ',') FROM pg_class c
            WHERE relkind = 'r' AND (relnamespace = 'public'::regnamespace OR relname LIKE '\_hyper\_%')
            """))!;
        Assert.Contains("_timescaledb_internal._hyper_", tables, StringComparison.Ordinal);
        foreach (var table in tables.Split(','))
        {
            Assert.Equal(Denied, await AnalystLogin.FailAsync(_analyst, $"SELECT * FROM {table}"));
        }
    }

    [Theory]
    [InlineData("SELECT drop_chunks('positions', older_than => now())")]
    [InlineData("INSERT INTO devices (device_id, secret_hash) VALUES ('x', '')")]
    [InlineData("DELETE FROM devices")]
    [InlineData("TRUNCATE device_trips")]
    [InlineData("CREATE TABLE mine (id integer)")]
    [InlineData("CREATE VIEW mine AS SELECT 1")]
    [InlineData("CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'")]
    [InlineData("COPY routes TO '/tmp/routes'")]
    [InlineData("COPY routes TO PROGRAM 'cat'")]
    [InlineData("SELECT pg_read_file('postgresql.conf')")]
    [InlineData("SELECT rolpassword FROM pg_authid")]
    [InlineData("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'")]
    [InlineData("SET ROLE postgres")]
    [InlineData("SET temp_file_limit = -1")]
    public async Task Changes_nothing_even_when_it_takes_off_its_limits(string sql)
    {
        const string Unlimited =
            "SET default_transaction_read_only = off; SET statement_timeout = 0; BEGIN READ WRITE;";
        Assert.Equal(Denied, await AnalystLogin.FailAsync(_analyst, $"{Unlimited} {sql}"));
    }

    [Fact]
    public async Task Is_bounded_in_time_connections_and_files()
    {
        Assert.Equal("on 20s 20s 1GB", await AnalystLogin.AskAsync(_analyst, """
            SELECT concat_ws(' ', current_setting('default_transaction_read_only'), current_setting('statement_timeout'),
                current_setting('idle_in_transaction_session_timeout'), current_setting('temp_file_limit'))
            """));
        Assert.Equal(
            PostgresErrorCodes.ReadOnlySqlTransaction,
            await AnalystLogin.FailAsync(_analyst, "CREATE TEMP TABLE mine (id integer)"));

        await _login.PrepareAsync(options =>
            (options.StatementTimeout, options.MaxConnections) = (TimeSpan.FromSeconds(2), 2));
        await using var bounded = _login.Connect();
        Assert.Equal(PostgresErrorCodes.QueryCanceled, await AnalystLogin.FailAsync(bounded, "SELECT pg_sleep(600)"));
        Assert.Equal(2, await AnalystLogin.AskAsync(
            bounded, "SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user"));
    }

    [Fact]
    public async Task Learns_nothing_of_customers_by_a_condition_that_fails_on_their_rows() =>
        Assert.Equal(1L, await AnalystLogin.AskAsync(_analyst, "SELECT count(*) FROM routes WHERE 1 / lat > 0"));

    [Fact]
    public async Task The_password_is_in_the_file_only_and_stays_until_the_file_is_gone()
    {
        var text = await File.ReadAllTextAsync(_login.File, Token);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_login.File));
        await _login.PrepareAsync();
        Assert.Equal(text, await File.ReadAllTextAsync(_login.File, Token));

        File.Delete(_login.File);
        await _login.PrepareAsync();
        Assert.NotEqual(text, await File.ReadAllTextAsync(_login.File, Token));
        await using var again = _login.Connect();
        Assert.Equal(1, await AnalystLogin.AskAsync(again, "SELECT 1"));
    }

    [Fact]
    public async Task A_password_may_be_given()
    {
        const string Password = "correct:horse/battery@staple";
        await _login.PrepareAsync(options => options.Password = Password);

        Assert.Contains(
            ":correct%3Ahorse%2Fbattery%40staple@", await File.ReadAllTextAsync(_login.File, Token), StringComparison.Ordinal);
        var name = database.DataSource.CreateConnection().Database;
        await using var given = Connect(name, $"{name}_analyst", Password);
        Assert.Equal(1, await AnalystLogin.AskAsync(given, "SELECT 1"));
    }

    [Fact]
    public async Task A_login_of_ones_own_reads_the_views_and_has_the_limits_that_it_is_given()
    {
        var name = database.DataSource.CreateConnection().Database;
        await AnalystLogin.AskAsync(database.DataSource, $"""
            CREATE ROLE {name}_anna LOGIN PASSWORD 'x' IN ROLE {name}_analyst;
            ALTER ROLE {name}_anna IN DATABASE {name} SET statement_timeout = '1min'
            """);
        await using var anna = Connect(name, $"{name}_anna", "x");

        Assert.Equal("1min 1", await AnalystLogin.AskAsync(
            anna, "SELECT current_setting('statement_timeout') || ' ' || count(*) FROM routes"));
        Assert.Equal(Denied, await AnalystLogin.FailAsync(anna, "SELECT * FROM devices"));
    }

    [Fact]
    public async Task Nodes_and_databases_that_start_at_once_do_not_disturb_each_other()
    {
        await using var other = new StoreDatabase(server);
        await other.InitializeAsync();
        using var login = new AnalystLogin(other.DataSource);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? _login : login).PrepareAsync()));

        Assert.Empty(_login.Log);
        Assert.Empty(login.Log);
        await using var first = _login.Connect();
        await using var second = login.Connect();
        Assert.Equal(1L, await AnalystLogin.AskAsync(first, "SELECT count(*) FROM routes"));
        Assert.Equal(0L, await AnalystLogin.AskAsync(second, "SELECT count(*) FROM routes"));
    }

    [Fact]
    public async Task A_role_that_may_do_more_is_left_alone()
    {
        await _login.PrepareAsync(options => options.Role = "postgres");

        Assert.Contains("Choose another name", Assert.Single(_login.Log), StringComparison.Ordinal);
        Assert.Equal(1, await AnalystLogin.AskAsync(database.DataSource, "SELECT 1"));
    }

    [Fact]
    public async Task Without_the_right_to_make_roles_it_says_what_to_run_and_grants_the_views()
    {
        await using var admin = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());
        var name = admin.CreateConnection().Database;
        await AnalystLogin.AskAsync(
            admin, $"CREATE ROLE {name}_owner LOGIN PASSWORD 'x'; ALTER DATABASE {name} OWNER TO {name}_owner");
        await using var owner = Connect(name, $"{name}_owner", "x");
        await new SchemaMigrator(owner, NullLogger<SchemaMigrator>.Instance).MigrateAsync(Token);
        using var login = new AnalystLogin(owner);

        await login.PrepareAsync();
        var said = Assert.Single(login.Log);
        var (begin, end) = (
            said.IndexOf("run: ", StringComparison.Ordinal) + 5, said.IndexOf("; then start", StringComparison.Ordinal));
        Assert.False(File.Exists(login.File));

        await AnalystLogin.AskAsync(admin, said[begin..end]);
        await login.PrepareAsync();
        Assert.Equal("true false", await AnalystLogin.AskAsync(admin, $"""
            SELECT has_table_privilege('{name}_analyst', 'trips', 'SELECT') || ' '
                || has_table_privilege('{name}_analyst', 'devices', 'SELECT')
            """));
    }

    private NpgsqlDataSource Connect(string name, string user, string password) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = user, Password = password, Database = name }
            .ConnectionString);
}
