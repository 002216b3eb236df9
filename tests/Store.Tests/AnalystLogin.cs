using ArtMqtt.Store.Analysts;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ArtMqtt.Store.Tests;

/// <summary>Prepares the access of analysts as a node does, and connects as one.</summary>
internal sealed class AnalystLogin(NpgsqlDataSource owner) : ILogger<AnalystAccess>, IDisposable
{
    private readonly TestFolder _folder = new();

    public List<string> Log { get; } = [];

    public string File => Path.Combine(_folder.Path, "analyst-connection");

    public async Task PrepareAsync(Action<AnalystOptions>? configure = null)
    {
        var options = new AnalystOptions { ConnectionFile = File, StatementTimeout = TimeSpan.FromSeconds(20) };
        configure?.Invoke(options);
        await new AnalystAccess(owner, Options.Create(options), this).PrepareAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>As the file says, for any client that reads URIs.</summary>
    public NpgsqlDataSource Connect()
    {
        var uri = new Uri(System.IO.File.ReadAllText(File).Trim());
        var user = uri.UserInfo.Split(':');
        return NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port,
            Database = uri.AbsolutePath[1..],
            Username = user[0],
            Password = user[1],
            MaxPoolSize = 3,
        }.ConnectionString);
    }

    public static async Task<object?> AskAsync(NpgsqlDataSource analyst, string sql)
    {
        await using var command = analyst.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The SQLSTATE with which a statement fails.</summary>
    public static async Task<string> FailAsync(NpgsqlDataSource analyst, string sql) =>
        (await Assert.ThrowsAsync<PostgresException>(() => AskAsync(analyst, sql))).SqlState;

    public void Dispose() => _folder.Dispose();

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => Log.Add(formatter(state, exception));

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;
}
