-- Ten vans that drive about a city, a position each second, 40 minutes of each hour.
INSERT INTO devices (device_id, secret_hash) SELECT 'van-' || n, '\x00' FROM generate_series(1, 10) n;
INSERT INTO positions (device_key, fix_time, received_at, role, lat, lng, speed, heading, accuracy, altitude)
SELECT device_key, t, t, 0,
    48.137 + 0.06 * sin(way / 3700.0 + n) + 0.02 * sin(way / 410.0) + 0.000005 * sin(s * 12.9898),
    11.575 + 0.11 * sin(way / 5300.0 + 2 * n) + 0.025 * cos(way / 470.0) + 0.000005 * sin(s * 78.233),
    CASE WHEN s % 3600 < 2400 THEN 9 + 6 * sin(s / 90.0) ELSE 0 END, s % 360, 4, 520 + 30 * sin(way / 900.0)
FROM (SELECT device_key, substr(device_id, 5)::int AS n FROM devices) d CROSS JOIN LATERAL (
    SELECT s, '2026-01-01Z'::timestamptz + s * interval '1 second' AS t, s / 3600 * 2400 + least(s % 3600, 2400) AS way
    FROM generate_series(0, :seconds - 1) s) p;
INSERT INTO device_hours_due
SELECT DISTINCT device_key, date_trunc('hour', fix_time, 'GMT') FROM positions ON CONFLICT DO NOTHING;
ANALYZE positions;
