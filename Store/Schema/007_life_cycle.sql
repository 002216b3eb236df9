-- How data ends: by age, or because somebody asks to be forgotten. docs/adr/0012-life-cycle-of-data.md.

-- The phones of customers are a small part of all positions and are kept for a shorter time than the rest.
CREATE INDEX positions_of_customers ON positions (fix_time) WHERE role = 2;

-- Whose data was erased, when, and on whose word. What had been received by then may still wait in the spool of a
-- node, so an erasure is carried out again and again until it is closed.
CREATE TABLE erasures (
    erasure_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('device', 'customer')),
    subject text NOT NULL,
    position_key integer NOT NULL,
    through timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL,
    last_done_at timestamptz,
    positions bigint NOT NULL DEFAULT 0,
    dead_letters bigint NOT NULL DEFAULT 0,
    closed_at timestamptz
);

CREATE INDEX erasures_open ON erasures (erasure_id) WHERE closed_at IS NULL;
