using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ArtMqtt.Store.Analysts;

/// <summary>
/// Lets analysts in: the views that need PostGIS when it is there, and a role that reads the views and nothing else. Done
/// at each start and whenever the database comes back, perhaps as another one, by one node at a time; what this database's
/// owner may not do is said in the log, and the node goes on.
/// </summary>
public sealed partial class AnalystAccess(
    [FromKeyedServices(StoreSources.Direct)] NpgsqlDataSource dataSource, IOptions<AnalystOptions> options, ILogger<AnalystAccess> logger)
{
    // That of the schema: both are done by one node at a time.
    private const string LockSql = "SELECT pg_advisory_xact_lock(4705122847101)";
    private const string Before = "before";

    private readonly AnalystOptions _options = options.Value;

    /// <summary>Does what is missing.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, LockSql, cancellationToken);
            await CreateGeographyAsync(transaction, cancellationToken);
            if (_options.ConnectionFile is { Length: > 0 } file)
            {
                await CreateRoleAsync(transaction, new ConnectionFile(file), cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException e) when (!e.IsTransient)
        {
            LogFailed(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogFailed(e.Message);
        }
    }

    private async Task CreateGeographyAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        await using var find = new NpgsqlCommand(GeographyViews.FindSql, connection);
        if (await find.ExecuteScalarAsync(cancellationToken) is string schema)
        {
            await TryAsync(transaction, GeographyViews.CreateSql(schema), LogNoGeography, cancellationToken);
        }
    }

    private async Task CreateRoleAsync(
        NpgsqlTransaction transaction, ConnectionFile file, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var name = _options.Role is { Length: > 0 } given ? given : $"{connection.Database}_analyst";
        var role = new AnalystRole(name, connection.Database, _options);
        await using var find = new NpgsqlCommand(AnalystRole.FindSql, connection);
        find.Parameters.Add(new() { Value = name });
        var mayDoMore = await find.ExecuteScalarAsync(cancellationToken) as bool?;
        var exists = mayDoMore is not null;
        if (mayDoMore is true)
        {
            LogTooMuch(name);
            return;
        }

        var password = _options.Password is { Length: > 0 } set ? set : file.ReadPassword();
        var create = $"{role.CreateSql(exists, ScramVerifier.Of(password))}; {role.SetSql}";
        var isOurs = await TryAsync(
            transaction, create, reason => LogByHand(reason, $"{role.CreateSql(false, "...")}; {role.SetSql}"),
            cancellationToken);
        if (isOurs)
        {
            await TryAsync(transaction, role.SetTemporarySql, LogNoTemporaryLimit, cancellationToken);
        }

        if (isOurs || exists)
        {
            var views = await ViewsAsync(connection, cancellationToken);
            await ExecuteAsync(connection, role.GrantSql(views), cancellationToken);
        }

        if (isOurs)
        {
            // Before the commit, so that of two nodes with one folder the second finds what the first wrote.
            var server = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString) { Database = connection.Database };
            file.Write(server, name, password);
        }
    }

    private static async Task<bool> TryAsync(
        NpgsqlTransaction transaction, string sql, Action<string> refused, CancellationToken cancellationToken)
    {
        await transaction.SaveAsync(Before, cancellationToken);
        try
        {
            await ExecuteAsync(transaction.Connection!, sql, cancellationToken);
            return true;
        }
        catch (PostgresException e) when (!e.IsTransient)
        {
            await transaction.RollbackAsync(Before, cancellationToken);
            refused(e.MessageText);
            return false;
        }
    }

    private static async Task<List<string>> ViewsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(AnalystRole.ViewsSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var views = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            views.Add(reader.GetString(0));
        }

        return views;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Analysts' access could not be prepared: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(LogLevel.Warning, "The geography views could not be made: {Reason}")]
    private partial void LogNoGeography(string reason);

    [LoggerMessage(LogLevel.Warning,
        "The role of analysts cannot be made or changed ({Reason}). If it is missing, let an administrator run: "
        + "{Statements}; then start this node again, it grants the views")]
    private partial void LogByHand(string reason, string statements);

    [LoggerMessage(LogLevel.Information, "Temporary files of analysts are not limited: {Reason}")]
    private partial void LogNoTemporaryLimit(string reason);

    [LoggerMessage(LogLevel.Error, "Store:Analyst:Role {Role} may do more than read: it is left alone. Choose another name")]
    private partial void LogTooMuch(string role);
}
