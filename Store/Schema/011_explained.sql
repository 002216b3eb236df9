-- Trips, stops and hours for analysts, and what every table and column means.

CREATE VIEW trips AS
SELECT d.device_id, t.start_time, t.end_time,
    extract(epoch FROM t.end_time - t.start_time)::double precision AS duration_s, t.start_lat, t.start_lng, t.end_lat,
    t.end_lng, t.distance_m, t.moving_s, t.max_speed, t.request_id, t.day IS NULL AS is_open
FROM device_trips t JOIN devices d USING (device_key);

CREATE VIEW stops AS
SELECT d.device_id, s.start_time, s.end_time,
    extract(epoch FROM s.end_time - s.start_time)::double precision AS duration_s, s.lat, s.lng, s.request_id,
    s.day IS NULL AS is_open
FROM device_stops s JOIN devices d USING (device_key);

CREATE VIEW hours AS
SELECT d.device_id, h.hour, h.positions, h.first_fix_time, h.last_fix_time, h.distance_m, h.moving_s, h.max_speed,
    h.south, h.north, h.west, h.east
FROM device_hours h JOIN devices d USING (device_key);

-- Who may read a view only must not learn of the rows it leaves out, by a condition that fails on one of them.
ALTER VIEW routes SET (security_barrier);
ALTER VIEW latest_positions SET (security_barrier);
ALTER VIEW trips SET (security_barrier);
ALTER VIEW stops SET (security_barrier);
ALTER VIEW hours SET (security_barrier);

COMMENT ON VIEW trips IS
    'What lies between two stops, as /api/devices/{id}/trips finds it with its defaults; corrected when positions come '
    'late. Up to the last hour that is over. Ask with device_id and start_time, or with start_time.';
COMMENT ON COLUMN trips.device_id IS 'The device, as in its topics.';
COMMENT ON COLUMN trips.start_time IS 'Fix time of its first position; unique per device.';
COMMENT ON COLUMN trips.end_time IS 'Fix time of its last position.';
COMMENT ON COLUMN trips.duration_s IS 'Seconds from start to end.';
COMMENT ON COLUMN trips.start_lat IS 'Degrees north where it began (WGS 84).';
COMMENT ON COLUMN trips.start_lng IS 'Degrees east where it began (WGS 84).';
COMMENT ON COLUMN trips.end_lat IS 'Degrees north where it ended (WGS 84).';
COMMENT ON COLUMN trips.end_lng IS 'Degrees east where it ended (WGS 84).';
COMMENT ON COLUMN trips.distance_m IS 'Metres over ground, the sum of its steps.';
COMMENT ON COLUMN trips.moving_s IS 'Seconds of all steps that went at 1 km/h or faster.';
COMMENT ON COLUMN trips.max_speed IS 'The highest speed a position reported, metres per second; null when none did.';
COMMENT ON COLUMN trips.request_id IS 'The request that its last position was published for, or null.';
COMMENT ON COLUMN trips.is_open IS
    'Whether it still went on when the last hour was over: the next hour it is longer, or has become part of a stop.';

COMMENT ON VIEW stops IS
    'Where devices stood, as /api/devices/{id}/stops finds it with its defaults; corrected when positions come late. '
    'Up to the last hour that is over. Ask with device_id and start_time, or with start_time.';
COMMENT ON COLUMN stops.device_id IS 'The device, as in its topics.';
COMMENT ON COLUMN stops.start_time IS 'Fix time of its first position near the middle; unique per device.';
COMMENT ON COLUMN stops.end_time IS 'Fix time of its last position.';
COMMENT ON COLUMN stops.duration_s IS 'Seconds from start to end.';
COMMENT ON COLUMN stops.lat IS 'Degrees north of the mean of its positions (WGS 84).';
COMMENT ON COLUMN stops.lng IS 'Degrees east of the mean of its positions (WGS 84).';
COMMENT ON COLUMN stops.request_id IS 'The request that its first position was published for, or null.';
COMMENT ON COLUMN stops.is_open IS 'Whether it still went on when the last hour was over.';

COMMENT ON VIEW hours IS
    'What each device did in each hour that is over and in which it had positions; corrected when positions come late. '
    'A step belongs to the hour of its end, so hours add up; one over more than an hour counts for nothing.';
COMMENT ON COLUMN hours.device_id IS 'The device, as in its topics.';
COMMENT ON COLUMN hours.hour IS 'Start of the hour.';
COMMENT ON COLUMN hours.positions IS 'How many positions it reported.';
COMMENT ON COLUMN hours.first_fix_time IS 'The first of them.';
COMMENT ON COLUMN hours.last_fix_time IS 'The last of them.';
COMMENT ON COLUMN hours.distance_m IS 'Metres over ground, the sum of the steps.';
COMMENT ON COLUMN hours.moving_s IS 'Seconds of all steps that went at 1 km/h or faster.';
COMMENT ON COLUMN hours.max_speed IS 'The highest speed a position reported, metres per second; null when none did.';
COMMENT ON COLUMN hours.south IS 'Degrees north of its southernmost position.';
COMMENT ON COLUMN hours.north IS 'Degrees north of its northernmost position.';
COMMENT ON COLUMN hours.west IS 'Degrees east of its westernmost position; greater than east over the date line.';
COMMENT ON COLUMN hours.east IS 'Degrees east of its easternmost position.';

COMMENT ON TABLE devices IS 'What reports positions and may sign in. Used by broker and gateway.';
COMMENT ON COLUMN devices.device_key IS 'Short key of the device in all other tables; never used again.';
COMMENT ON COLUMN devices.device_id IS 'The device, as in its topics.';
COMMENT ON COLUMN devices.name IS 'What people call it, or null.';
COMMENT ON COLUMN devices.secret_hash IS 'Keyed hash of its secret; the key is in the node''s secrets.';
COMMENT ON COLUMN devices.is_enabled IS 'Whether it may sign in.';
COMMENT ON COLUMN devices.created_at IS 'When it was added.';
COMMENT ON COLUMN devices.previous_secret_hash IS 'Keyed hash of the secret before, or null.';
COMMENT ON COLUMN devices.previous_secret_until IS 'Until when the secret before is valid, or null.';
COMMENT ON COLUMN devices.secret_changed_at IS 'Since when it has its secret.';
COMMENT ON COLUMN devices.certificate_hash IS 'SHA-256 of the only certificate it may sign in with, or null for any of its name.';
COMMENT ON COLUMN devices.version IS 'Counts its changes.';

COMMENT ON TABLE service_requests IS 'Customers'' calls for service. Used by gateway and broker.';
COMMENT ON COLUMN service_requests.request_id IS 'The request, as in its topics.';
COMMENT ON COLUMN service_requests.status IS 'Where it stands: from pending to completed or cancelled.';
COMMENT ON COLUMN service_requests.device_key IS 'The device that is assigned, or null.';
COMMENT ON COLUMN service_requests.pickup_lat IS 'Degrees north where the customer waits (WGS 84).';
COMMENT ON COLUMN service_requests.pickup_lng IS 'Degrees east where the customer waits (WGS 84).';
COMMENT ON COLUMN service_requests.customer_name IS 'What the dispatcher calls the customer, or null.';
COMMENT ON COLUMN service_requests.note IS 'What the dispatcher wrote, or null.';
COMMENT ON COLUMN service_requests.customer_key IS 'Key of the customer''s phone in positions.';
COMMENT ON COLUMN service_requests.customer_token_hash IS 'Keyed hash of the token in the customer''s link.';
COMMENT ON COLUMN service_requests.created_at IS 'When it was made.';
COMMENT ON COLUMN service_requests.updated_at IS 'When it changed last.';
COMMENT ON COLUMN service_requests.version IS 'Counts its changes.';
COMMENT ON COLUMN service_requests.assigned_at IS 'Since when the device is assigned: its positions from before are not part of it.';
COMMENT ON COLUMN service_requests.creation_hash IS 'Hash of the call that made it, to know the same call again; or null.';

COMMENT ON TABLE request_events IS 'Each change of a request''s status.';
COMMENT ON COLUMN request_events.request_id IS 'The request.';
COMMENT ON COLUMN request_events.version IS 'The version of the request that it made.';
COMMENT ON COLUMN request_events.from_status IS 'The status before; null when it was made.';
COMMENT ON COLUMN request_events.to_status IS 'The status since.';
COMMENT ON COLUMN request_events.device_key IS 'The device that was assigned then, or null.';
COMMENT ON COLUMN request_events.at IS 'When.';
COMMENT ON COLUMN request_events.by IS 'Who did it.';

COMMENT ON TABLE positions IS 'Every accepted position, of devices and of customers'' phones; written by ingest. Analysts read routes.';
COMMENT ON TABLE device_latest IS 'The newest position of each device by fix time; written by ingest. Analysts read latest_positions.';
COMMENT ON TABLE suspect_positions IS 'Positions with an impossible clock, kept apart; in no route. Written by ingest.';

DO $$
DECLARE position_table text;
BEGIN
    FOREACH position_table IN ARRAY ARRAY['positions', 'device_latest', 'suspect_positions'] LOOP
        EXECUTE format($sql$
            COMMENT ON COLUMN %1$I.device_key IS 'Key of the device, or of a customer''s phone.';
            COMMENT ON COLUMN %1$I.fix_time IS 'The receiver''s clock; unique per key.';
            COMMENT ON COLUMN %1$I.received_at IS 'Our clock when the position arrived.';
            COMMENT ON COLUMN %1$I.request_id IS 'The request it was published for, or null.';
            COMMENT ON COLUMN %1$I.role IS '0: by a device without a request; 1: by the device that served the request; 2: by its customer.';
            COMMENT ON COLUMN %1$I.lat IS 'Degrees north, -90 to 90 (WGS 84).';
            COMMENT ON COLUMN %1$I.lng IS 'Degrees east, -180 to 180 (WGS 84).';
            COMMENT ON COLUMN %1$I.speed IS 'Metres per second over ground, or null.';
            COMMENT ON COLUMN %1$I.heading IS 'Degrees clockwise from true north, or null.';
            COMMENT ON COLUMN %1$I.accuracy IS 'Radius in metres that holds the true place with 68 %% probability, or null.';
            COMMENT ON COLUMN %1$I.altitude IS 'Metres above mean sea level, or null.';
            COMMENT ON COLUMN %1$I.battery IS 'Charge of the device''s battery in percent, or null.';
            COMMENT ON COLUMN %1$I.seq IS 'Counted by the device, or null; gaps show what it never sent.';
            $sql$, position_table);
    END LOOP;
END $$;

COMMENT ON TABLE dead_letters IS 'Payloads that could not become positions; the oldest go first. Written by ingest.';
COMMENT ON COLUMN dead_letters.id IS 'Counts them.';
COMMENT ON COLUMN dead_letters.at IS 'Our clock when it arrived.';
COMMENT ON COLUMN dead_letters.device_id IS 'The device, as it signed in.';
COMMENT ON COLUMN dead_letters.topic IS 'What it was published to.';
COMMENT ON COLUMN dead_letters.code IS 'Why, as in docs/errors.md.';
COMMENT ON COLUMN dead_letters.detail IS 'Why, in words.';
COMMENT ON COLUMN dead_letters.payload IS 'What was sent.';

COMMENT ON TABLE device_hours IS 'What each device did in each hour; written by ingest. Analysts read hours.';
COMMENT ON COLUMN device_hours.device_key IS 'Key of the device.';
COMMENT ON COLUMN device_hours.hour IS 'Start of the hour.';
COMMENT ON COLUMN device_hours.positions IS 'How many positions it reported.';
COMMENT ON COLUMN device_hours.first_fix_time IS 'The first of them.';
COMMENT ON COLUMN device_hours.last_fix_time IS 'The last of them.';
COMMENT ON COLUMN device_hours.distance_m IS 'Metres over ground, the sum of the steps that end in the hour.';
COMMENT ON COLUMN device_hours.moving_s IS 'Seconds of all steps that went at 1 km/h or faster.';
COMMENT ON COLUMN device_hours.max_speed IS 'The highest speed a position reported, metres per second; null when none did.';
COMMENT ON COLUMN device_hours.south IS 'Degrees north of its southernmost position.';
COMMENT ON COLUMN device_hours.north IS 'Degrees north of its northernmost position.';
COMMENT ON COLUMN device_hours.west IS 'Degrees east of its westernmost position; greater than east over the date line.';
COMMENT ON COLUMN device_hours.east IS 'Degrees east of its easternmost position.';

COMMENT ON TABLE device_hours_due IS 'Hours whose row in device_hours is missing or out of date. Used by ingest.';
COMMENT ON COLUMN device_hours_due.device_key IS 'Key of the device.';
COMMENT ON COLUMN device_hours_due.hour IS 'Start of the hour.';

COMMENT ON TABLE device_hours_swept IS 'One row: how far hours that are over were made due. Used by ingest.';
COMMENT ON COLUMN device_hours_swept.is_only IS 'Keeps it one row.';
COMMENT ON COLUMN device_hours_swept.through IS 'Hours before this one were added to device_hours_due.';

COMMENT ON TABLE device_trips IS 'What lies between two stops of a device; written by ingest. Analysts read trips.';
COMMENT ON COLUMN device_trips.device_key IS 'Key of the device.';
COMMENT ON COLUMN device_trips.start_time IS 'Fix time of its first position.';
COMMENT ON COLUMN device_trips.end_time IS 'Fix time of its last position.';
COMMENT ON COLUMN device_trips.start_lat IS 'Degrees north where it began (WGS 84).';
COMMENT ON COLUMN device_trips.start_lng IS 'Degrees east where it began (WGS 84).';
COMMENT ON COLUMN device_trips.end_lat IS 'Degrees north where it ended (WGS 84).';
COMMENT ON COLUMN device_trips.end_lng IS 'Degrees east where it ended (WGS 84).';
COMMENT ON COLUMN device_trips.distance_m IS 'Metres over ground, the sum of its steps.';
COMMENT ON COLUMN device_trips.moving_s IS 'Seconds of all steps that went at 1 km/h or faster.';
COMMENT ON COLUMN device_trips.max_speed IS 'The highest speed a position reported, metres per second; null when none did.';
COMMENT ON COLUMN device_trips.request_id IS 'The request that its last position was published for, or null.';
COMMENT ON COLUMN device_trips.day IS 'The day (GMT) whose positions showed that it was over; null while it goes on.';

COMMENT ON TABLE device_stops IS 'Where a device stood; written by ingest. Analysts read stops.';
COMMENT ON COLUMN device_stops.device_key IS 'Key of the device.';
COMMENT ON COLUMN device_stops.start_time IS 'Fix time of its first position near the middle.';
COMMENT ON COLUMN device_stops.end_time IS 'Fix time of its last position.';
COMMENT ON COLUMN device_stops.lat IS 'Degrees north of the mean of its positions (WGS 84).';
COMMENT ON COLUMN device_stops.lng IS 'Degrees east of the mean of its positions (WGS 84).';
COMMENT ON COLUMN device_stops.request_id IS 'The request that its first position was published for, or null.';
COMMENT ON COLUMN device_stops.day IS 'The day (GMT) whose positions showed that it was over; null while it goes on.';

COMMENT ON TABLE device_trip_states IS 'What was known of a device''s trips at the end of each day. Used by ingest.';
COMMENT ON COLUMN device_trip_states.device_key IS 'Key of the device.';
COMMENT ON COLUMN device_trip_states.day IS 'Start of the day, GMT.';
COMMENT ON COLUMN device_trip_states.through IS 'Its positions before this time were looked at.';
COMMENT ON COLUMN device_trip_states.positions IS 'How many they were: fewer now have been removed, and then the day stays as it is.';
COMMENT ON COLUMN device_trip_states.state IS 'The trip detector, to go on from.';

COMMENT ON TABLE device_trips_due IS 'Devices with hours in device_hours that device_trips does not know of. Used by ingest.';
COMMENT ON COLUMN device_trips_due.device_key IS 'Key of the device.';
COMMENT ON COLUMN device_trips_due.from_hour IS 'The first hour.';
COMMENT ON COLUMN device_trips_due.to_hour IS 'The last hour.';

COMMENT ON TABLE erasures IS 'Whose data was erased. Used by gateway and ingest.';
COMMENT ON COLUMN erasures.erasure_id IS 'Counts them.';
COMMENT ON COLUMN erasures.kind IS 'device, or customer of a request.';
COMMENT ON COLUMN erasures.subject IS 'Id of the device or of the request.';
COMMENT ON COLUMN erasures.position_key IS 'Key of the device, or of the customer''s phone.';
COMMENT ON COLUMN erasures.through IS 'What was received until then is erased.';
COMMENT ON COLUMN erasures.by IS 'On whose word.';
COMMENT ON COLUMN erasures.last_done_at IS 'When it was carried out last; null before the first time.';
COMMENT ON COLUMN erasures.positions IS 'How many positions were found.';
COMMENT ON COLUMN erasures.dead_letters IS 'How many dead letters were found.';
COMMENT ON COLUMN erasures.closed_at IS 'Since when nothing can wait in a spool any more; null before.';

COMMENT ON TABLE schema_migrations IS 'The steps of the schema that were applied. Used at the start of a node.';
COMMENT ON COLUMN schema_migrations.version IS 'Number of the step.';
COMMENT ON COLUMN schema_migrations.name IS 'Its name.';
COMMENT ON COLUMN schema_migrations.checksum IS 'SHA-256 of its SQL: an applied step must not change.';
COMMENT ON COLUMN schema_migrations.applied_at IS 'When it was applied.';
