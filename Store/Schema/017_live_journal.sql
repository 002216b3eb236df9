-- What watchers were told, for those who come back after their stream's ring in memory has forgotten it.
-- docs/adr/0018-live-journal.md.

CREATE TABLE live_events (
    request_id uuid NOT NULL,
    epoch text NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    name text NOT NULL,
    data text NOT NULL
);

SELECT create_hypertable('live_events', by_range('at', INTERVAL '1 hour'), create_default_indexes => false);

CREATE INDEX live_events_of_request ON live_events (request_id, epoch, seq);

COMMENT ON TABLE live_events IS
    'What watchers of requests were told in the last hours, as they were told it: thinned, numbered. A copy for '
    'those who lost touch, not the history.';
COMMENT ON COLUMN live_events.request_id IS 'The request.';
COMMENT ON COLUMN live_events.epoch IS 'Incarnation of its live stream.';
COMMENT ON COLUMN live_events.seq IS 'Number in the stream; what is missing here is missing.';
COMMENT ON COLUMN live_events.at IS 'When it was told.';
COMMENT ON COLUMN live_events.name IS 'Name on the wire, for example operator:location.';
COMMENT ON COLUMN live_events.data IS 'Its fields, as JSON.';
