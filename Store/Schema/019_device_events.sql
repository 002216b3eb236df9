-- What happened to devices at the brokers, and whether they are connected now, for those who look after them.

CREATE TABLE device_events (
    device_key integer NOT NULL REFERENCES devices ON DELETE CASCADE,
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN ('connected', 'disconnected', 'refused')),
    reason text NOT NULL,
    client_id text NOT NULL,
    address text NOT NULL,
    protocol text NOT NULL,
    agent text NOT NULL,
    PRIMARY KEY (device_key, at, kind)
);

CREATE INDEX device_events_by_age ON device_events (at);

CREATE TABLE device_states (
    device_key integer PRIMARY KEY REFERENCES devices ON DELETE CASCADE,
    is_online boolean NOT NULL,
    since timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    client_id text NOT NULL,
    address text NOT NULL,
    protocol text NOT NULL,
    agent text NOT NULL
);

-- What dead letters a device has.
CREATE INDEX dead_letters_of_device ON dead_letters (device_id, at DESC);

COMMENT ON TABLE device_events IS
    'Connections of devices and refused sign-ins in their names; a device that flaps has not each of them. Written by ingest.';
COMMENT ON COLUMN device_events.device_key IS 'Key of the device.';
COMMENT ON COLUMN device_events.at IS 'When, by the broker''s clock.';
COMMENT ON COLUMN device_events.kind IS 'connected, disconnected or refused.';
COMMENT ON COLUMN device_events.reason IS
    'How a connection ended (client, network, absent or an MQTT reason), or why a sign-in was refused; else empty.';
COMMENT ON COLUMN device_events.client_id IS 'The MQTT client id.';
COMMENT ON COLUMN device_events.address IS 'IP address it came from; empty when not known.';
COMMENT ON COLUMN device_events.protocol IS 'Protocol and transport.';
COMMENT ON COLUMN device_events.agent IS 'Program and version, where the client said them; else empty.';

COMMENT ON TABLE device_states IS 'Whether each device is connected, by its newest event. Written by ingest.';
COMMENT ON COLUMN device_states.device_key IS 'Key of the device.';
COMMENT ON COLUMN device_states.is_online IS 'Whether it is connected.';
COMMENT ON COLUMN device_states.since IS 'Since when that is so.';
COMMENT ON COLUMN device_states.changed_at IS 'When the newest event was; an older one changes nothing.';
COMMENT ON COLUMN device_states.client_id IS 'MQTT client id of the newest connection.';
COMMENT ON COLUMN device_states.address IS 'IP address of the newest connection.';
COMMENT ON COLUMN device_states.protocol IS 'Protocol and transport of the newest connection.';
COMMENT ON COLUMN device_states.agent IS 'Program and version that the device last said; empty when it never did.';
