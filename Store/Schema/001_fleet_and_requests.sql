-- Devices, requests and what happened to them.

-- One run of numbers for devices and customers' phones: whatever reports positions has a key of its own.
CREATE SEQUENCE position_keys AS integer;

CREATE TABLE devices (
    device_key integer PRIMARY KEY DEFAULT nextval('position_keys'),
    device_id text NOT NULL UNIQUE,
    name text,
    secret_hash bytea NOT NULL,
    is_enabled boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE service_requests (
    request_id uuid PRIMARY KEY,
    status text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'assigned', 'en_route', 'arrived', 'in_progress', 'completed', 'cancelled')),
    device_key integer REFERENCES devices,
    pickup_lat double precision NOT NULL CHECK (pickup_lat BETWEEN -90 AND 90),
    pickup_lng double precision NOT NULL CHECK (pickup_lng BETWEEN -180 AND 180),
    customer_name text,
    note text,
    customer_key integer NOT NULL UNIQUE DEFAULT nextval('position_keys'),
    customer_token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT somebody_is_assigned CHECK (status IN ('pending', 'cancelled') OR device_key IS NOT NULL)
);

CREATE INDEX service_requests_newest ON service_requests (created_at DESC, request_id DESC);

-- What every node keeps in memory: the requests that are not over.
CREATE INDEX service_requests_running ON service_requests (request_id) WHERE status NOT IN ('completed', 'cancelled');

CREATE TABLE request_events (
    request_id uuid NOT NULL REFERENCES service_requests,
    version integer NOT NULL,
    from_status text,
    to_status text NOT NULL,
    device_key integer,
    at timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL,
    PRIMARY KEY (request_id, version)
);
