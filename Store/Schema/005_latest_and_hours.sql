-- Where every device is, and what it did in each hour. Written by ingest; docs/adr/0008-roll-ups.md.

-- One row per device, overwritten with every batch: half of a page stays free, so that no index has to follow.
CREATE TABLE device_latest (LIKE positions INCLUDING CONSTRAINTS, PRIMARY KEY (device_key)) WITH (fillfactor = 50);

INSERT INTO device_latest
SELECT p.* FROM devices d CROSS JOIN LATERAL (
    SELECT * FROM positions p WHERE p.device_key = d.device_key ORDER BY p.fix_time DESC LIMIT 1) p;

CREATE TABLE device_hours (
    device_key integer NOT NULL,
    hour timestamptz NOT NULL CHECK (hour = date_trunc('hour', hour, 'GMT')),
    positions integer NOT NULL,
    first_fix_time timestamptz NOT NULL,
    last_fix_time timestamptz NOT NULL,
    distance_m double precision NOT NULL,
    moving_s double precision NOT NULL,
    max_speed real,
    south double precision NOT NULL,
    north double precision NOT NULL,
    west double precision NOT NULL,
    east double precision NOT NULL
);

SELECT create_hypertable('device_hours', by_range('hour', INTERVAL '30 days'), create_default_indexes => false);

CREATE UNIQUE INDEX device_hours_key ON device_hours (device_key, hour);
-- Who was there in this hour: the boxes are in the index, so it alone answers.
CREATE INDEX device_hours_boxes ON device_hours (hour) INCLUDE (device_key, south, north, west, east);

-- Hours whose row is missing or out of date. A position that comes after its hour is over adds one in its own
-- transaction; the others are added when the hour is over.
CREATE TABLE device_hours_due (
    device_key integer NOT NULL,
    hour timestamptz NOT NULL,
    PRIMARY KEY (device_key, hour)
);

-- What was stored before this step.
INSERT INTO device_hours_due
SELECT DISTINCT device_key, date_trunc('hour', fix_time, 'GMT') FROM positions
WHERE fix_time < date_trunc('hour', now(), 'GMT');

-- One row: hours before this one were added to device_hours_due.
CREATE TABLE device_hours_swept (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    through timestamptz NOT NULL
);

INSERT INTO device_hours_swept (through) VALUES (date_trunc('hour', now(), 'GMT'));
