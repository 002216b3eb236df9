-- A secret that is being replaced stays valid for a while, and a certificate may be pinned to a device.

ALTER TABLE devices
    ADD COLUMN previous_secret_hash bytea,
    ADD COLUMN previous_secret_until timestamptz,
    ADD COLUMN secret_changed_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN certificate_hash bytea CHECK (octet_length(certificate_hash) = 32),
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD CONSTRAINT previous_secret_ends CHECK ((previous_secret_hash IS NULL) = (previous_secret_until IS NULL));

UPDATE devices SET secret_changed_at = created_at;
