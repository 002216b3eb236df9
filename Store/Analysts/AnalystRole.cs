namespace ArtMqtt.Store.Analysts;

/// <summary>
/// The statements that make a role, and what it may do. Settings are those of the role in this database: what a
/// role of the whole server has, several databases would overwrite for each other.
/// </summary>
internal sealed class AnalystRole(string name, string database, AnalystOptions options)
{
    private static readonly string[] _views =
        ["routes", "latest_positions", "trips", "stops", "hours", .. GeographyViews.Names];

    private readonly string _role = Quote(name);
    private readonly string _timeout = $"{(long)options.StatementTimeout.TotalMilliseconds}ms";

    /// <summary>Whether it exists, and whether it can do more than an analyst must.</summary>
    public static string FindSql => """
        SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls OR rolname = current_user
        FROM pg_roles WHERE rolname = $1
        """;

    /// <summary>The views that are there.</summary>
    public static string ViewsSql => $"""
        SELECT name FROM unnest(ARRAY['{string.Join("', '", _views)}']) AS name WHERE to_regclass(name) IS NOT NULL
        """;

    /// <summary>Makes it, or changes it; <paramref name="password"/> is what PostgreSQL stores of one.</summary>
    public string CreateSql(bool exists, string password) =>
        $"{(exists ? "ALTER" : "CREATE")} ROLE {_role} LOGIN PASSWORD '{password}' "
        + $"CONNECTION LIMIT {options.MaxConnections}";

    /// <summary>What every connection of it begins with.</summary>
    public string SetSql =>
        $"{Set("default_transaction_read_only", "on")}; {Set("statement_timeout", _timeout)}; "
        + Set("idle_in_transaction_session_timeout", _timeout);

    /// <summary>Only a superuser may say this.</summary>
    public string SetTemporarySql => Set("temp_file_limit", $"{options.MaxTemporaryMegabytes}MB");

    public string GrantSql(IEnumerable<string> views) => $"GRANT SELECT ON {string.Join(", ", views)} TO {_role}";

    private string Set(string setting, string value) =>
        $"ALTER ROLE {_role} IN DATABASE {Quote(database)} SET {setting} = '{value}'";

    private static string Quote(string identifier) =>
        $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
