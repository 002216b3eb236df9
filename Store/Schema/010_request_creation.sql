-- What a request was created from, so that the same call sent twice makes one request.

ALTER TABLE service_requests ADD COLUMN creation_hash bytea CHECK (octet_length(creation_hash) = 32);

-- The newest of one device, and of one status.
CREATE INDEX service_requests_of_device ON service_requests (device_key, created_at DESC);
