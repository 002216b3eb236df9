namespace ArtMqtt.Store.Analysts;

/// <summary>Views with the types of PostGIS, made at the start of a node when the extension is in the database.</summary>
internal static class GeographyViews
{
    public static readonly string[] Names = ["routes_geography", "trips_geography", "stops_geography"];

    /// <summary>The schema of PostGIS, quoted, or nothing.</summary>
    public const string FindSql = """
        SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
        WHERE e.extname = 'postgis'
        """;

    /// <summary>Makes the views, or leaves them as they are.</summary>
    /// <param name="schema">The schema of PostGIS, quoted.</param>
    public static string CreateSql(string schema) => $$"""
        SET LOCAL client_min_messages = warning;

        CREATE OR REPLACE VIEW routes_geography WITH (security_barrier) AS
        SELECT r.*, {{Point(schema, "r.lat", "r.lng")}} AS place FROM routes r;

        CREATE OR REPLACE VIEW trips_geography WITH (security_barrier) AS
        SELECT t.*, {{Point(schema, "t.start_lat", "t.start_lng")}} AS start_place,
            {{Point(schema, "t.end_lat", "t.end_lng")}} AS end_place,
            (SELECT {{schema}}.ST_MakeLine({{schema}}.ST_SetSRID({{schema}}.ST_MakePoint(p.lng, p.lat), 4326)
                ORDER BY p.fix_time)::{{schema}}.geography(LineString, 4326)
                FROM positions p JOIN devices d USING (device_key)
                WHERE d.device_id = t.device_id AND p.fix_time BETWEEN t.start_time AND t.end_time) AS line
        FROM trips t;

        CREATE OR REPLACE VIEW stops_geography WITH (security_barrier) AS
        SELECT s.*, {{Point(schema, "s.lat", "s.lng")}} AS place FROM stops s;

        COMMENT ON VIEW routes_geography IS 'The view routes, with the place as a geography of PostGIS.';
        COMMENT ON COLUMN routes_geography.place IS 'Where it was (WGS 84).';
        COMMENT ON VIEW trips_geography IS 'The view trips, with places and the line as geographies of PostGIS.';
        COMMENT ON COLUMN trips_geography.start_place IS 'Where it began (WGS 84).';
        COMMENT ON COLUMN trips_geography.end_place IS 'Where it ended (WGS 84).';
        COMMENT ON COLUMN trips_geography.line IS
            'Through all its positions that are still stored, or null; read from positions, so ask for few trips.';
        COMMENT ON VIEW stops_geography IS 'The view stops, with the place as a geography of PostGIS.';
        COMMENT ON COLUMN stops_geography.place IS 'The mean of its positions (WGS 84).';

        DO $$
        DECLARE explained record;
        BEGIN
            FOR explained IN
                SELECT c.relname, a.attname, col_description(b.attrelid, b.attnum) AS meaning
                FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
                JOIN pg_attribute b ON b.attname = a.attname
                    AND b.attrelid = to_regclass(replace(c.relname, '_geography', ''))
                WHERE c.oid IN ('routes_geography'::regclass, 'trips_geography'::regclass, 'stops_geography'::regclass)
            LOOP
                EXECUTE format('COMMENT ON COLUMN %I.%I IS %L', explained.relname, explained.attname, explained.meaning);
            END LOOP;
        END $$;
        """;

    private static string Point(string schema, string latitude, string longitude) =>
        $"{schema}.ST_SetSRID({schema}.ST_MakePoint({longitude}, {latitude}), 4326)::{schema}.geography(Point, 4326)";
}
