-- Since when the device of a request is assigned: positions from before are not part of it.

ALTER TABLE service_requests ADD COLUMN assigned_at timestamptz;

UPDATE service_requests r SET assigned_at = (
    SELECT min(e.at) FROM request_events e
    WHERE e.request_id = r.request_id AND e.device_key = r.device_key AND e.version > coalesce((
        SELECT max(other.version) FROM request_events other
        WHERE other.request_id = r.request_id AND other.device_key IS DISTINCT FROM r.device_key), 0))
WHERE r.device_key IS NOT NULL;
