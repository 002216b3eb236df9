-- What dispatchers look through, newest first: what happened to requests, and the links that were handed out.

CREATE INDEX request_events_newest ON request_events (at DESC, request_id DESC, version DESC);
CREATE INDEX shares_newest ON shares (created_at DESC, share_id DESC);
