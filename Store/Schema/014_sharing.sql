-- Links that are handed out for one request, and who opened them. docs/adr/0015-share-links.md.

CREATE TABLE shares (
    share_id bigint PRIMARY KEY CHECK (share_id BETWEEN 0 AND 4294967295),
    request_id uuid NOT NULL REFERENCES service_requests ON DELETE CASCADE,
    tenant text NOT NULL DEFAULT '',
    role text NOT NULL CHECK (role IN ('viewer', 'customer')),
    from_status text NOT NULL,
    to_status text NOT NULL,
    label text,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_by text,
    creation_key bytea UNIQUE CHECK (octet_length(creation_key) = 32),
    creation_hash bytea CHECK (octet_length(creation_hash) = 32),
    opens bigint NOT NULL DEFAULT 0,
    last_opened_at timestamptz
);

CREATE INDEX shares_of_request ON shares (request_id, created_at DESC, share_id);
CREATE INDEX shares_by_expiry ON shares (expires_at);

CREATE TABLE share_opens (
    share_id bigint NOT NULL REFERENCES shares ON DELETE CASCADE,
    open_id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    way text NOT NULL,
    PRIMARY KEY (share_id, open_id)
);

CREATE INDEX share_opens_by_age ON share_opens (at);

COMMENT ON TABLE shares IS 'Links that are handed out for one request. Used by gateway.';
COMMENT ON COLUMN shares.share_id IS 'Random number of 32 bits, the first part of the token.';
COMMENT ON COLUMN shares.request_id IS 'The request it opens.';
COMMENT ON COLUMN shares.tenant IS 'The firm the request belongs to; empty when there are none.';
COMMENT ON COLUMN shares.role IS 'viewer: sees; customer: may also send the customer''s position.';
COMMENT ON COLUMN shares.from_status IS 'The first status in which it shows more than the status.';
COMMENT ON COLUMN shares.to_status IS 'The last one; behind it the link has ended.';
COMMENT ON COLUMN shares.label IS 'For whom it is, in the words of who made it, or null.';
COMMENT ON COLUMN shares.created_at IS 'When it was made.';
COMMENT ON COLUMN shares.created_by IS 'Who made it: admin, dispatcher or customer.';
COMMENT ON COLUMN shares.expires_at IS 'When it ends at the latest.';
COMMENT ON COLUMN shares.revoked_at IS 'Since when it is revoked, or null.';
COMMENT ON COLUMN shares.revoked_by IS 'Who revoked it, or null.';
COMMENT ON COLUMN shares.creation_key IS 'Keyed hash of the call''s Idempotency-Key, or null.';
COMMENT ON COLUMN shares.creation_hash IS 'Hash of the call that made it, to know the same call again; or null.';
COMMENT ON COLUMN shares.opens IS 'How often it was opened.';
COMMENT ON COLUMN shares.last_opened_at IS 'When it was opened last, or null.';

COMMENT ON TABLE share_opens IS 'Who opened a shared link, when; the oldest go first. Written by gateway.';
COMMENT ON COLUMN share_opens.share_id IS 'The share.';
COMMENT ON COLUMN share_opens.open_id IS 'Counts them.';
COMMENT ON COLUMN share_opens.at IS 'When.';
COMMENT ON COLUMN share_opens.address IS 'Network it came from: /24 of IPv4, /48 of IPv6; by setting the whole address.';
COMMENT ON COLUMN share_opens.agent IS 'Kind of program, for example ''chrome android''.';
COMMENT ON COLUMN share_opens.way IS 'hub, stream or poll.';
