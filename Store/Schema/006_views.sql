-- What analysts read with SQL: names instead of keys, and what each column means. Customers' phones are not in it.

CREATE VIEW routes AS
SELECT d.device_id, p.fix_time, p.received_at, p.request_id, p.role, p.lat, p.lng, p.speed, p.heading, p.accuracy,
    p.altitude, p.battery, p.seq
FROM positions p JOIN devices d USING (device_key);

COMMENT ON VIEW routes IS
    'Every stored position of every device. Ask with device_id and a period of fix_time: the index is on these.';
COMMENT ON COLUMN routes.device_id IS 'The device, as in its topics.';
COMMENT ON COLUMN routes.fix_time IS 'The receiver''s clock; unique per device.';
COMMENT ON COLUMN routes.received_at IS 'Our clock when the position arrived.';
COMMENT ON COLUMN routes.request_id IS 'The request it was published for, or null.';
COMMENT ON COLUMN routes.role IS '0: by a device without a request; 1: by the device that served the request.';
COMMENT ON COLUMN routes.lat IS 'Degrees north, -90 to 90 (WGS 84).';
COMMENT ON COLUMN routes.lng IS 'Degrees east, -180 to 180 (WGS 84).';
COMMENT ON COLUMN routes.speed IS 'Metres per second over ground, or null.';
COMMENT ON COLUMN routes.heading IS 'Degrees clockwise from true north, or null.';
COMMENT ON COLUMN routes.accuracy IS 'Radius in metres that holds the true place with 68 % probability, or null.';
COMMENT ON COLUMN routes.altitude IS 'Metres above mean sea level, or null.';
COMMENT ON COLUMN routes.battery IS 'Charge of the device''s battery in percent, or null.';
COMMENT ON COLUMN routes.seq IS 'Counted by the device, or null; gaps show what it never sent.';

CREATE VIEW latest_positions AS
SELECT d.device_id, d.name, l.fix_time, l.received_at, l.request_id, l.role, l.lat, l.lng, l.speed, l.heading,
    l.accuracy, l.altitude, l.battery, l.seq
FROM device_latest l JOIN devices d USING (device_key);

COMMENT ON VIEW latest_positions IS 'Where every device is: its newest position by fix time.';
COMMENT ON COLUMN latest_positions.device_id IS 'The device, as in its topics.';
COMMENT ON COLUMN latest_positions.name IS 'What people call it, or null.';
COMMENT ON COLUMN latest_positions.fix_time IS 'The receiver''s clock.';
COMMENT ON COLUMN latest_positions.received_at IS 'Our clock when the position arrived.';
COMMENT ON COLUMN latest_positions.request_id IS 'The request it was published for, or null.';
COMMENT ON COLUMN latest_positions.role IS '0: by a device without a request; 1: by the device that served the request.';
COMMENT ON COLUMN latest_positions.lat IS 'Degrees north, -90 to 90 (WGS 84).';
COMMENT ON COLUMN latest_positions.lng IS 'Degrees east, -180 to 180 (WGS 84).';
COMMENT ON COLUMN latest_positions.speed IS 'Metres per second over ground, or null.';
COMMENT ON COLUMN latest_positions.heading IS 'Degrees clockwise from true north, or null.';
COMMENT ON COLUMN latest_positions.accuracy IS 'Radius in metres that holds the true place with 68 % probability, or null.';
COMMENT ON COLUMN latest_positions.altitude IS 'Metres above mean sea level, or null.';
COMMENT ON COLUMN latest_positions.battery IS 'Charge of the device''s battery in percent, or null.';
COMMENT ON COLUMN latest_positions.seq IS 'Counted by the device, or null; gaps show what it never sent.';
