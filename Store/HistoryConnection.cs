using System.Globalization;
using Npgsql;

namespace ArtMqtt.Store;

/// <summary>How history is reached: a replica while one answers, else the primary.</summary>
internal static class HistoryConnection
{
    private const string InRecovery = "in_hot_standby";

    /// <summary>The connection string.</summary>
    /// <param name="primary">That of the primary.</param>
    /// <param name="replicas">Hosts of replicas, each with its port or with that of the primary; separated by commas.</param>
    public static string Of(string primary, string replicas)
    {
        var builder = new NpgsqlConnectionStringBuilder(ConnectionDefaults.Apply(primary));
        builder.Host = string.Join(',', Hosts(replicas).Concat(Hosts(builder.Host!)).Distinct(StringComparer.Ordinal));
        builder.TargetSessionAttributes = "prefer-standby";
        return builder.ConnectionString;

        IEnumerable<string> Hosts(string list) => list.Split(',', StringSplitOptions.TrimEntries)
            .Select(host => HasPort(host) ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{builder.Port}"));
    }

    /// <summary>Whether an open connection leads to a replica. PostgreSQL tells at the sign-in and when it changes.</summary>
    public static bool IsReplica(NpgsqlConnection connection) => connection.PostgresParameters.GetValueOrDefault(InRecovery) == "on";

    // Of IPv6 in brackets, the colons are no ports.
    private static bool HasPort(string host) => host.LastIndexOf(':') > host.LastIndexOf(']');
}
