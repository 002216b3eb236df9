-- Several firms on one installation: whose a device or a request is. docs/adr/0014-tenants.md.

ALTER TABLE devices ADD COLUMN tenant text NOT NULL DEFAULT '' CHECK (tenant ~ '^([a-z0-9_-][a-z0-9._-]{0,63})?$');
ALTER TABLE service_requests ADD COLUMN tenant text NOT NULL DEFAULT ''
    CHECK (tenant ~ '^([a-z0-9_-][a-z0-9._-]{0,63})?$');
-- A row change is told to those of its tenant only, and must say by itself which that is.
ALTER TABLE request_events ADD COLUMN tenant text NOT NULL DEFAULT '';

COMMENT ON COLUMN devices.tenant IS 'The firm whose it is, for ever; empty where there are no firms.';
COMMENT ON COLUMN service_requests.tenant IS 'The firm whose it is, for ever; empty where there are no firms.';
COMMENT ON COLUMN request_events.tenant IS 'The firm whose the request is.';

CREATE INDEX devices_of_tenant ON devices (tenant, device_id);
CREATE INDEX service_requests_of_tenant ON service_requests (tenant, created_at DESC, request_id DESC);
