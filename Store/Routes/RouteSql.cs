using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Routes;

/// <summary>
/// The SQL of a part of a route. Parameters: $1 from, $2 to, $3 limit, $4 and $5 the cursor, $6 the bucket, $7 and on whose
/// route it is.
/// </summary>
internal static class RouteSql
{
    private const string OfDeviceId = "device_key = (SELECT device_key FROM devices WHERE device_id = $7)";
    private const string OfRequestId = "request_id = $7 AND role = $8";
    private const string Period = "fix_time >= $1 AND fix_time <= $2";

    // The first condition is for the index, the second for two positions of the same time.
    private const string Behind = "fix_time >= $4 AND (fix_time, device_key) > ($4, $5)";

    // The bucket that the cursor is in had its position already.
    private const string NextBucket = "fix_time >= time_bucket($6, $4) + $6";

    /// <summary>The route of one device. Its times are unique, and TimescaleDB opens day after day for this order.</summary>
    public static string OfDevice(RouteSelection selection) => Of(OfDeviceId, "fix_time", selection);

    /// <summary>What was published for one request in one role, by any number of devices.</summary>
    public static string OfRequest(RouteSelection selection) =>
        Of(OfRequestId, "fix_time, device_key", selection);

    /// <summary>How many positions <see cref="OfDevice"/> has, for selections without a cursor and a bucket.</summary>
    public static string CountOfDevice { get; } = Count(OfDeviceId);

    /// <summary>How many positions <see cref="OfRequest"/> has, for selections without a cursor and a bucket.</summary>
    public static string CountOfRequest { get; } = Count(OfRequestId);

    private static string Of(string whose, string order, RouteSelection selection) => selection switch
    {
        { Bucket: null, After: null } => All($"{whose} AND {Period}", order),
        { Bucket: null } => All($"{whose} AND {Period} AND {Behind}", order),
        { After: null } => FirstOfBuckets($"{whose} AND {Period}", order),
        _ => FirstOfBuckets($"{whose} AND {Period} AND {NextBucket}", order),
    };

    public static void AddSelection(this NpgsqlCommand command, RouteSelection selection)
    {
        command.AddTime(selection.From);
        command.AddTime(selection.To);
        command.Parameters.Add(new() { Value = selection.Limit });
        command.AddTime(selection.After?.FixTime ?? DateTimeOffset.MinValue);
        command.Parameters.Add(new() { Value = selection.After?.DeviceKey ?? 0 });
        command.Parameters.Add(
            new() { NpgsqlDbType = NpgsqlDbType.Interval, Value = selection.Bucket ?? TimeSpan.Zero });
    }

    // Counts no further than the limit.
    private static string Count(string whose) =>
        $"SELECT count(*)::int FROM (SELECT 1 FROM positions WHERE {whose} AND {Period} LIMIT $3) p";

    private static string All(string condition, string order) => $"""
        SELECT {RouteRow.Columns} FROM positions WHERE {condition} ORDER BY {order} LIMIT $3
        """;

    // In the order of the index, so that rows flow: DISTINCT ON would sort the whole route by bucket first. TimescaleDB
    // opens day after day where there is an ORDER BY beside the hypertable, hence the innermost one.
    private static string FirstOfBuckets(string condition, string order) => $"""
        SELECT {RouteRow.Columns} FROM (
            SELECT *, time_bucket($6, fix_time) AS bucket,
                lag(time_bucket($6, fix_time)) OVER (ORDER BY {order}) AS previous
            FROM (SELECT * FROM positions WHERE {condition} ORDER BY {order}) o) p
        WHERE bucket IS DISTINCT FROM previous
        ORDER BY {order} LIMIT $3
        """;
}
