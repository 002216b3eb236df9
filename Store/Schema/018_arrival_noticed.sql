-- Where arrivals are only proposed (Gateway:Arrival:Apply is false), the request says since when somebody may confirm one.

ALTER TABLE service_requests ADD COLUMN arrival_noticed_at timestamptz;

COMMENT ON COLUMN service_requests.arrival_noticed_at IS
    'Since when the operator stays at the pickup point, while nobody has confirmed it; of the device that is assigned. Null '
    'where arrivals are applied at once.';
