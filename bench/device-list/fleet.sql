-- A firm with many devices: a tenth was never connected, a twentieth is disabled, a fifth is silent, the rest reports each 10 s.
INSERT INTO devices (device_id, name, secret_hash, is_enabled)
SELECT 'truck-' || lpad(n::text, 5, '0'), 'Tow truck ' || n || (ARRAY[', Munich', ', Augsburg', ', Ingolstadt', ''])[n % 4 + 1], '\x00', n % 20 <> 7
FROM generate_series(1, :devices) n;
INSERT INTO device_states
SELECT device_key, n % 5 <> 3, now() - n % 90 * interval '1 minute', now(), device_id, '192.0.2.' || n % 250, 'MQTT 5, tcp', 'DeviceAgent/1.0'
FROM (SELECT *, substr(device_id, 7)::int AS n FROM devices) d WHERE n % 10 <> 1;
INSERT INTO positions (device_key, fix_time, received_at, role, lat, lng, speed, heading, accuracy, altitude, battery)
SELECT device_key, t, t + interval '0.4 seconds', 0, 48.137 + 0.2 * sin(n), 11.575 + 0.3 * cos(n * 7), n % 30, n % 360, 5, 520, n % 100 + 1
FROM (SELECT *, substr(device_id, 7)::int AS n FROM devices) d CROSS JOIN LATERAL (
    SELECT now() - s * interval '10 seconds' - CASE WHEN n % 5 = 3 THEN interval '20 minutes' ELSE interval '0' END AS t
    FROM generate_series(0, 360) s) p
WHERE n % 10 <> 1;
INSERT INTO device_latest
SELECT p.* FROM devices d CROSS JOIN LATERAL (SELECT * FROM positions p WHERE p.device_key = d.device_key ORDER BY p.fix_time DESC LIMIT 1) p;
ANALYZE devices;
ANALYZE device_states;
ANALYZE device_latest;
ANALYZE positions;
