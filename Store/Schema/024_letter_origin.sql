-- How a dead letter came, so that it is read in the same way when it is taken in again.

ALTER TABLE dead_letters
    ADD COLUMN content_type text,
    ADD COLUMN dialect text,
    ADD COLUMN size integer;

COMMENT ON COLUMN dead_letters.content_type IS 'MQTT 5 or HTTP content type it came with, or null.';
COMMENT ON COLUMN dead_letters.dialect IS 'Whose way of writing positions it follows: own, owntracks or osmand; null: not known.';
COMMENT ON COLUMN dead_letters.size IS 'How long it was, in bytes; of more than 4,096 only the beginning is in payload. Null: not known.';
