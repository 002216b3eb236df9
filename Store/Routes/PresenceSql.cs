namespace ArtMqtt.Store.Routes;

/// <summary>
/// The SQL of who was where. Parameters: $1 the device id to begin behind, $2 to $5 the box, $6 from, $7 to, $8 the tenant or null,
/// $9 limit.
/// </summary>
internal static class PresenceSql
{
    // Two ranges of longitude touch; each may go over the date line, and then it is the earth without what is between.
    private const string HourTouchesBox = """
        h.south <= $5 AND h.north >= $3 AND CASE
            WHEN h.west <= h.east AND $2 <= $4 THEN h.west <= $4 AND h.east >= $2
            WHEN h.west <= h.east OR $2 <= $4 THEN h.west <= $4 OR h.east >= $2
            ELSE true END
        """;

    // Only where neither goes over the date line; the others are looked at position by position.
    private const string HourIsInside = """
        h.south >= $3 AND h.north <= $5 AND h.west <= h.east AND $2 <= $4 AND h.west >= $2 AND h.east <= $4
        AND h.first_fix_time >= $6 AND h.last_fix_time <= $7
        """;

    // Where positions may be: hours whose box touches; hours without a valid row; all that is not over or not swept. A
    // device whose newest position is older has none there.
    public const string Parts = $"""
        WITH swept AS MATERIALIZED (SELECT through FROM device_hours_swept),
        parts AS (
            SELECT h.device_key, greatest(h.hour, $6) AS since,
                least(h.hour + interval '1 hour' - interval '1 microsecond', $7) AS until,
                {HourIsInside} AS is_inside, h.first_fix_time AS first, h.last_fix_time AS last,
                h.positions::bigint AS count
            FROM device_hours h
            WHERE h.hour >= date_trunc('hour', $6, 'GMT') AND h.hour <= $7 AND h.hour < (SELECT through FROM swept)
                AND {HourTouchesBox}
                AND NOT EXISTS (
                    SELECT FROM device_hours_due due WHERE due.device_key = h.device_key AND due.hour = h.hour)
            UNION ALL
            SELECT device_key, greatest(hour, $6), least(hour + interval '1 hour' - interval '1 microsecond', $7),
                false, NULL, NULL, NULL
            FROM device_hours_due
            WHERE hour >= date_trunc('hour', $6, 'GMT') AND hour <= $7 AND hour < (SELECT through FROM swept)
            UNION ALL
            SELECT d.device_key, greatest(swept.through, $6), $7, false, NULL, NULL, NULL
            FROM swept CROSS JOIN devices d LEFT JOIN device_latest l USING (device_key)
            WHERE swept.through <= $7 AND (l.fix_time IS NULL OR l.fix_time >= greatest(swept.through, $6)))
        """;

    // Sorted before positions are read, so that a page reads those of its devices only.
    private const string SortedParts = """
        (SELECT d.device_id, p.* FROM parts p JOIN devices d USING (device_key) WHERE d.device_id > $1
            AND ($8::text IS NULL OR d.tenant = $8)
        ORDER BY d.device_id) p
        """;

    /// <summary>The positions <c>q</c> of a part <c>p</c> that are in the box.</summary>
    public const string OfPart =
        $"q.device_key = p.device_key AND q.fix_time >= p.since AND q.fix_time <= p.until AND {BoxCondition.OfPlace}";

    /// <summary>Devices in a box: id, first and last time, number. An hour outlives its positions; then it does not count.</summary>
    public const string InBox = $"""
        {Parts}
        SELECT p.device_id, min(r.first), max(r.last), sum(r.count)::bigint
        FROM {SortedParts} CROSS JOIN LATERAL (
            SELECT p.first, p.last, p.count WHERE p.is_inside AND EXISTS (
                SELECT FROM positions q WHERE q.device_key = p.device_key AND q.fix_time = p.first)
            UNION ALL
            SELECT min(q.fix_time), max(q.fix_time), count(*) FROM positions q WHERE NOT p.is_inside AND {OfPart}) r
        WHERE r.count > 0
        GROUP BY p.device_id ORDER BY p.device_id LIMIT $9
        """;

    /// <summary>Positions in a box, device after device: id, fix time, latitude, longitude.</summary>
    public const string PositionsInBox = $"""
        {Parts}
        SELECT p.device_id, r.fix_time, r.lat, r.lng
        FROM {SortedParts} CROSS JOIN LATERAL (
            SELECT q.fix_time, q.lat, q.lng FROM positions q WHERE {OfPart} OFFSET 0) r
        ORDER BY p.device_id
        """;
}
