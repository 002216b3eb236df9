-- The tokens that were issued here, and those that were taken back. docs/adr/0022-revoked-tokens.md.

CREATE TABLE issued_tokens (
    token_id text PRIMARY KEY CHECK (length(token_id) BETWEEN 1 AND 255),
    role text CHECK (role IN ('admin', 'dispatcher', 'analyst', 'operator', 'device', 'customer')),
    subject text,
    device_id text,
    request_id uuid,
    tenant text NOT NULL DEFAULT '',
    issued_at timestamptz NOT NULL,
    issued_by text NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_by text
);

CREATE INDEX issued_tokens_newest ON issued_tokens (issued_at DESC, token_id DESC);
CREATE INDEX issued_tokens_by_expiry ON issued_tokens (expires_at);
CREATE INDEX issued_tokens_revoked ON issued_tokens (expires_at) WHERE revoked_at IS NOT NULL;

COMMENT ON TABLE issued_tokens IS
    'Tokens that were issued here, and tokens of others that were revoked; never what opens. Deleted a day after they expire. Used by gateway.';
COMMENT ON COLUMN issued_tokens.token_id IS 'The claim jti.';
COMMENT ON COLUMN issued_tokens.role IS 'In which capacity its holder comes; null: another issuer made it.';
COMMENT ON COLUMN issued_tokens.subject IS 'Who it is for, or null.';
COMMENT ON COLUMN issued_tokens.device_id IS 'The device of an operator or device, or null.';
COMMENT ON COLUMN issued_tokens.request_id IS 'The request of a customer, or null.';
COMMENT ON COLUMN issued_tokens.tenant IS 'The firm it belongs to; empty for none, for an admin: all.';
COMMENT ON COLUMN issued_tokens.issued_at IS 'When it was issued; of another issuer: when it was revoked.';
COMMENT ON COLUMN issued_tokens.issued_by IS 'Who had it issued: the subject of their token, or admin; of another issuer: who revoked it.';
COMMENT ON COLUMN issued_tokens.expires_at IS 'From when it counts no more.';
COMMENT ON COLUMN issued_tokens.revoked_at IS 'Since when it is revoked, or null.';
COMMENT ON COLUMN issued_tokens.revoked_by IS 'Who revoked it, or null.';
