-- Positions, and what could not become one (docs/adr/0003-store-keys-and-suspect-clocks.md).

CREATE TABLE positions (
    device_key integer NOT NULL,
    fix_time timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    request_id uuid,
    role smallint NOT NULL,
    lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lng double precision NOT NULL CHECK (lng BETWEEN -180 AND 180),
    speed real,
    heading real,
    accuracy real,
    altitude real,
    battery smallint,
    seq bigint
);

-- The default index on time alone would cost a third of the write rate, and no query here asks by time alone.
SELECT create_hypertable('positions', by_range('fix_time', INTERVAL '1 day'), create_default_indexes => false);

CREATE UNIQUE INDEX positions_key ON positions (device_key, fix_time);
CREATE INDEX positions_of_request ON positions (request_id, fix_time) WHERE request_id IS NOT NULL;

-- A clock in 1980 or 2038 would make a chunk of its own for every day it names, so its positions stay apart.
CREATE TABLE suspect_positions (LIKE positions INCLUDING CONSTRAINTS, UNIQUE (device_key, fix_time));

CREATE TABLE dead_letters (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    device_id text NOT NULL,
    topic text NOT NULL,
    code text NOT NULL,
    detail text NOT NULL,
    payload bytea NOT NULL
);
