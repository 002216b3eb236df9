-- Webhooks: who is told of what, every event until it is delivered, and what makes some of the events: geofences and
-- devices that fall silent. docs/adr/0016-webhooks.md.

CREATE TABLE webhook_endpoints (
    endpoint_id uuid PRIMARY KEY,
    tenant text NOT NULL DEFAULT '',
    url text NOT NULL,
    description text,
    event_types text[] NOT NULL CHECK (cardinality(event_types) > 0),
    is_enabled boolean NOT NULL DEFAULT true,
    disabled_reason text,
    secret bytea NOT NULL,
    previous_secret bytea,
    previous_secret_until timestamptz,
    failures integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    paused_until timestamptz NOT NULL DEFAULT '-infinity',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT previous_secret_ends CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL))
);

CREATE INDEX webhook_endpoints_of_tenant ON webhook_endpoints (tenant, created_at, endpoint_id);

CREATE TABLE webhook_deliveries (
    delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint_id uuid NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
    event_id uuid NOT NULL,
    event_type text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    queued_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT '-infinity',
    last_attempt_at timestamptz,
    last_status integer,
    last_error text,
    finished_at timestamptz,
    UNIQUE (endpoint_id, event_id)
);

-- What is due, by receiver: a receiver with many does not hide those of another.
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_attempt_at, delivery_id)
    WHERE state = 'pending';
CREATE INDEX webhook_deliveries_listed ON webhook_deliveries (endpoint_id, state, delivery_id DESC);
CREATE INDEX webhook_deliveries_finished ON webhook_deliveries (finished_at) WHERE state <> 'pending';
CREATE INDEX webhook_deliveries_of_subject ON webhook_deliveries (subject);

-- The one way an event comes into being: one row for each endpoint that wants it, in the transaction of what it tells.
-- The same key of the same type makes the same event, once; null makes a new one.
CREATE FUNCTION add_webhook_event(
    event_type text, event_tenant text, event_subject text, event_key text, event_at timestamptz, event_data json)
RETURNS bigint LANGUAGE sql AS $$
    WITH event AS MATERIALIZED (
        SELECT coalesce(md5(event_type || ' ' || event_key)::uuid, gen_random_uuid()) AS id,
            json_build_object(
                'type', event_type,
                'timestamp', to_char(event_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                'data', event_data)::text AS body),
    added AS (
        INSERT INTO webhook_deliveries (endpoint_id, event_id, event_type, subject, body)
        SELECT e.endpoint_id, event.id, $1, event_subject, event.body
        FROM webhook_endpoints e CROSS JOIN event
        WHERE e.tenant = event_tenant AND e.is_enabled AND $1 = ANY (e.event_types)
        ON CONFLICT (endpoint_id, event_id) DO NOTHING
        RETURNING 1)
    SELECT count(*) FROM added
$$;

-- A trigger, so that nobody who changes a request can forget it.
CREATE FUNCTION tell_webhooks_of_request() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    request record;
    event_key text := NEW.request_id::text || ':' || NEW.version::text;
BEGIN
    IF NEW.from_status IS NOT DISTINCT FROM NEW.to_status OR NOT EXISTS (SELECT FROM webhook_endpoints) THEN
        RETURN NULL;
    END IF;

    SELECT r.tenant, d.device_id INTO request
    FROM service_requests r LEFT JOIN devices d ON d.device_key = NEW.device_key WHERE r.request_id = NEW.request_id;
    PERFORM add_webhook_event(
        'request.status', request.tenant, NEW.request_id::text, event_key, NEW.at,
        json_build_object(
            'requestId', NEW.request_id, 'status', NEW.to_status, 'previous', NEW.from_status,
            'deviceId', request.device_id, 'by', NEW."by", 'version', NEW.version));
    IF NEW.to_status = 'arrived' THEN
        PERFORM add_webhook_event(
            'request.arrived', request.tenant, NEW.request_id::text, event_key, NEW.at,
            json_build_object('requestId', NEW.request_id, 'deviceId', request.device_id, 'by', NEW."by"));
    END IF;

    RETURN NULL;
END $$;

CREATE TRIGGER webhooks AFTER INSERT ON request_events FOR EACH ROW EXECUTE FUNCTION tell_webhooks_of_request();

CREATE TABLE geofences (
    geofence_id uuid PRIMARY KEY,
    tenant text NOT NULL DEFAULT '',
    name text NOT NULL,
    shape json NOT NULL,
    device_prefix text NOT NULL DEFAULT '',
    device_ids text[],
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1
);

CREATE INDEX geofences_of_tenant ON geofences (tenant, geofence_id);

-- How far each device's positions were looked at, and in which geofences it is: changed together with the events.
CREATE TABLE geofence_progress (
    device_key integer PRIMARY KEY,
    through timestamptz NOT NULL
);

CREATE TABLE geofence_states (
    device_key integer NOT NULL,
    geofence_id uuid NOT NULL REFERENCES geofences ON DELETE CASCADE,
    is_inside boolean NOT NULL,
    against integer NOT NULL,
    crossed_at timestamptz,
    crossed_lat double precision,
    crossed_lng double precision,
    PRIMARY KEY (device_key, geofence_id)
);

CREATE INDEX geofence_states_of_geofence ON geofence_states (geofence_id);

-- Devices that were reported as offline and are not back.
CREATE TABLE silent_devices (
    device_key integer PRIMARY KEY,
    last_received_at timestamptz NOT NULL,
    found_at timestamptz NOT NULL
);

-- How far the spool of each node is stored: nobody is silent while what was sent still waits.
CREATE TABLE ingest_progress (
    node_id uuid PRIMARY KEY,
    through timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);


COMMENT ON TABLE webhook_endpoints IS 'Where events are sent. Used by gateway.';
COMMENT ON COLUMN webhook_endpoints.endpoint_id IS 'The endpoint.';
COMMENT ON COLUMN webhook_endpoints.tenant IS 'The firm it belongs to; empty where there are none.';
COMMENT ON COLUMN webhook_endpoints.url IS 'Where it listens.';
COMMENT ON COLUMN webhook_endpoints.description IS 'What people call it, or null.';
COMMENT ON COLUMN webhook_endpoints.event_types IS 'What it wants to know.';
COMMENT ON COLUMN webhook_endpoints.is_enabled IS 'Whether events are made for it and sent to it.';
COMMENT ON COLUMN webhook_endpoints.disabled_reason IS 'Why it was disabled by itself, or null.';
COMMENT ON COLUMN webhook_endpoints.secret IS 'Signs what is sent; encrypted, the key is in the node''s secrets.';
COMMENT ON COLUMN webhook_endpoints.previous_secret IS 'The secret before, encrypted, or null.';
COMMENT ON COLUMN webhook_endpoints.previous_secret_until IS 'Until when the secret before signs too, or null.';
COMMENT ON COLUMN webhook_endpoints.failures IS 'Attempts that failed in a row.';
COMMENT ON COLUMN webhook_endpoints.failing_since IS 'When the first of them failed, or null.';
COMMENT ON COLUMN webhook_endpoints.paused_until IS 'No attempt before this time.';
COMMENT ON COLUMN webhook_endpoints.created_at IS 'When it was made.';
COMMENT ON COLUMN webhook_endpoints.updated_at IS 'When it was changed last.';
COMMENT ON COLUMN webhook_endpoints.version IS 'Counts its changes.';

COMMENT ON TABLE webhook_deliveries IS 'Events, one row for each endpoint. Used by gateway.';
COMMENT ON COLUMN webhook_deliveries.delivery_id IS 'Counts them.';
COMMENT ON COLUMN webhook_deliveries.endpoint_id IS 'Where it goes.';
COMMENT ON COLUMN webhook_deliveries.event_id IS 'The event; the same for all its endpoints and attempts.';
COMMENT ON COLUMN webhook_deliveries.event_type IS 'What kind of event.';
COMMENT ON COLUMN webhook_deliveries.subject IS 'The request or device it is about.';
COMMENT ON COLUMN webhook_deliveries.body IS 'What is sent.';
COMMENT ON COLUMN webhook_deliveries.created_at IS 'When it was made.';
COMMENT ON COLUMN webhook_deliveries.queued_at IS 'When it was made, or is sent again: attempts end a day after this.';
COMMENT ON COLUMN webhook_deliveries.state IS 'pending, delivered or failed (a dead letter).';
COMMENT ON COLUMN webhook_deliveries.attempts IS 'Attempts that were begun since it was queued.';
COMMENT ON COLUMN webhook_deliveries.next_attempt_at IS 'No attempt before this time; while one is under way, when it counts as lost.';
COMMENT ON COLUMN webhook_deliveries.last_attempt_at IS 'When the last attempt began, or null.';
COMMENT ON COLUMN webhook_deliveries.last_status IS 'HTTP status of the last answer, or null.';
COMMENT ON COLUMN webhook_deliveries.last_error IS 'Why the last attempt failed, or null.';
COMMENT ON COLUMN webhook_deliveries.finished_at IS 'When it was delivered or given up, or null.';

COMMENT ON TABLE geofences IS 'Areas whose crossing is told. Used by gateway and ingest.';
COMMENT ON COLUMN geofences.geofence_id IS 'The geofence.';
COMMENT ON COLUMN geofences.tenant IS 'The firm it belongs to; empty where there are none.';
COMMENT ON COLUMN geofences.name IS 'What people call it.';
COMMENT ON COLUMN geofences.shape IS 'A GeoJSON Polygon or MultiPolygon, or a Point with the member radius in metres.';
COMMENT ON COLUMN geofences.device_prefix IS 'Only devices whose ids begin like this.';
COMMENT ON COLUMN geofences.device_ids IS 'Only these devices; null: all.';
COMMENT ON COLUMN geofences.created_at IS 'When it was made.';
COMMENT ON COLUMN geofences.updated_at IS 'When it was changed last.';
COMMENT ON COLUMN geofences.version IS 'Counts its changes.';

COMMENT ON TABLE geofence_progress IS 'How far the positions of each device were looked at for geofences. Used by ingest.';
COMMENT ON COLUMN geofence_progress.device_key IS 'Key of the device.';
COMMENT ON COLUMN geofence_progress.through IS 'Fix time of the last position that was looked at.';

COMMENT ON TABLE geofence_states IS 'In which geofences devices are, or may be. Used by ingest.';
COMMENT ON COLUMN geofence_states.device_key IS 'Key of the device.';
COMMENT ON COLUMN geofence_states.geofence_id IS 'The geofence.';
COMMENT ON COLUMN geofence_states.is_inside IS 'Whether it is inside, as was told.';
COMMENT ON COLUMN geofence_states.against IS 'Positions in a row that say the opposite.';
COMMENT ON COLUMN geofence_states.crossed_at IS 'Fix time of the first of them, or null.';
COMMENT ON COLUMN geofence_states.crossed_lat IS 'Degrees north of it, or null.';
COMMENT ON COLUMN geofence_states.crossed_lng IS 'Degrees east of it, or null.';

COMMENT ON TABLE silent_devices IS 'Devices that were reported as offline and are not back. Used by ingest.';
COMMENT ON COLUMN silent_devices.device_key IS 'Key of the device.';
COMMENT ON COLUMN silent_devices.last_received_at IS 'When its newest position arrived.';
COMMENT ON COLUMN silent_devices.found_at IS 'When it was found silent.';

COMMENT ON TABLE ingest_progress IS 'How far the spool of each node is stored. Used by ingest.';
COMMENT ON COLUMN ingest_progress.node_id IS 'The process of a node.';
COMMENT ON COLUMN ingest_progress.through IS 'What it received before this is stored.';
COMMENT ON COLUMN ingest_progress.seen_at IS 'When it said so.';
