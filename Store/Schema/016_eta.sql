-- How quickly the fleet passes each place in each hour of the week, learned from its own drives; docs/adr/0017-eta.md.

-- What one device did in one hour, by cell: so a late position changes the sums by the difference, and an erased hour
-- takes away what it had added.
ALTER TABLE device_hours
    ADD COLUMN cells integer[],
    ADD COLUMN cell_traversals smallint[],
    ADD COLUMN cell_m real[],
    ADD COLUMN cell_s real[],
    ADD COLUMN cell_square real[];

COMMENT ON COLUMN device_hours.cells IS 'Cells it passed (about 700 m; key of speed_cells); null when it did not move.';
COMMENT ON COLUMN device_hours.cell_traversals IS 'How often it passed each of the cells.';
COMMENT ON COLUMN device_hours.cell_m IS 'Metres in each of the cells, in legs of 50 m or more.';
COMMENT ON COLUMN device_hours.cell_s IS 'Seconds in each of the cells, without parking.';
COMMENT ON COLUMN device_hours.cell_square IS 'Sum of seconds² / metres of the traversals of each of the cells.';

-- Updated in place, with room on each page, so that no index has to follow.
CREATE TABLE speed_cells (
    cell integer NOT NULL,
    hour_of_week smallint NOT NULL CHECK (hour_of_week BETWEEN 0 AND 167),
    traversals integer NOT NULL,
    distance_m double precision NOT NULL,
    seconds double precision NOT NULL,
    square double precision NOT NULL,
    PRIMARY KEY (cell, hour_of_week)
) WITH (fillfactor = 70);

COMMENT ON TABLE speed_cells IS 'How quickly the fleet passes each place; sums over device_hours, written by ingest. Read for ETAs.';
COMMENT ON COLUMN speed_cells.cell IS 'Number of the cell, about 700 m in each direction; 64 of them follow each other in a block of 5.6 km.';
COMMENT ON COLUMN speed_cells.hour_of_week IS '0 is Monday 00:00 to 01:00 UTC.';
COMMENT ON COLUMN speed_cells.traversals IS 'How often a device passed the cell in this hour.';
COMMENT ON COLUMN speed_cells.distance_m IS 'Metres of all traversals.';
COMMENT ON COLUMN speed_cells.seconds IS 'Seconds of all traversals, with waiting in traffic, without parking.';
COMMENT ON COLUMN speed_cells.square IS 'Sum of seconds² / metres of the traversals; their spread follows from it.';
