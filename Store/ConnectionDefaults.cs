using Npgsql;

namespace ArtMqtt.Store;

/// <summary>
/// What a connection string leaves open and Npgsql would leave off: a peer that is gone without a word is noticed, and of
/// several hosts the primary is meant.
/// </summary>
internal static class ConnectionDefaults
{
    /// <summary>Longest wait for a connection. Npgsql's own would be 15 s.</summary>
    private const int TimeoutSeconds = 5;

    /// <summary>How long a connection may be silent before the peer is asked, by us and by the operating system.</summary>
    private const int KeepAliveSeconds = 30;

    /// <summary>The connection string with them; what it says itself stays.</summary>
    public static string Apply(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        Set(builder, "Timeout", TimeoutSeconds);
        Set(builder, "Keepalive", KeepAliveSeconds);
        Set(builder, "Tcp Keepalive", true);
        Set(builder, "Tcp Keepalive Time", KeepAliveSeconds);
        Set(builder, "Application Name", "artmqtt");
        if (builder.Host?.Contains(',') == true)
        {
            // The first that answers may be a standby.
            Set(builder, "Target Session Attributes", "primary");
        }

        return builder.ConnectionString;
    }

    private static void Set(NpgsqlConnectionStringBuilder builder, string keyword, object value)
    {
        if (!builder.ShouldSerialize(keyword))
        {
            builder[keyword] = value;
        }
    }
}
