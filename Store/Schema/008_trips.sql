-- Trips and stops of every device, kept up by ingest (docs/adr/0011-trips-in-sql.md).

CREATE TABLE device_trips (
    device_key integer NOT NULL,
    start_time timestamptz NOT NULL,
    end_time timestamptz NOT NULL,
    start_lat double precision NOT NULL,
    start_lng double precision NOT NULL,
    end_lat double precision NOT NULL,
    end_lng double precision NOT NULL,
    distance_m double precision NOT NULL,
    moving_s double precision NOT NULL,
    max_speed real,
    request_id uuid,
    day timestamptz,
    PRIMARY KEY (device_key, start_time)
);

CREATE INDEX device_trips_days ON device_trips (device_key, day);
CREATE INDEX device_trips_times ON device_trips (start_time);

CREATE TABLE device_stops (
    device_key integer NOT NULL,
    start_time timestamptz NOT NULL,
    end_time timestamptz NOT NULL,
    lat double precision NOT NULL,
    lng double precision NOT NULL,
    request_id uuid,
    day timestamptz,
    PRIMARY KEY (device_key, start_time)
);

CREATE INDEX device_stops_days ON device_stops (device_key, day);
CREATE INDEX device_stops_times ON device_stops (start_time);

-- What the detector knew at the end of each day with positions, so that a late position costs its day, not the route.
CREATE TABLE device_trip_states (
    device_key integer NOT NULL,
    day timestamptz NOT NULL CHECK (day = date_trunc('day', day, 'GMT')),
    through timestamptz NOT NULL,
    positions integer NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (device_key, day)
);

-- Devices with hours that were summed up and whose trips are not looked for yet.
CREATE TABLE device_trips_due (
    device_key integer PRIMARY KEY,
    from_hour timestamptz NOT NULL,
    to_hour timestamptz NOT NULL
);

CREATE INDEX device_trips_due_newest ON device_trips_due (from_hour DESC, device_key);

-- What was stored before this step; hours that are not summed up yet follow when they are.
INSERT INTO device_trips_due (device_key, from_hour, to_hour)
SELECT device_key, min(hour), max(hour) FROM device_hours GROUP BY device_key;
