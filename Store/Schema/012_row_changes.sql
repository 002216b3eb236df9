-- Row changes are published whole: who is told of a deleted row learns what it was, and filters can look at it. The rows
-- are small and change seldom. docs/adr/0013-row-changes.md.

ALTER TABLE service_requests REPLICA IDENTITY FULL;
ALTER TABLE request_events REPLICA IDENTITY FULL;
ALTER TABLE devices REPLICA IDENTITY FULL;
