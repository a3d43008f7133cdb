-- One row in a demo, none elsewhere: what its world was made from, and where its clock stands.
CREATE TABLE demo_world (
    id BIGINT NOT NULL PRIMARY KEY,
    seed BIGINT NOT NULL,
    -- When the clock stood still at the beginning; none where it ticks.
    clock_start BIGINT,
    -- Where a clock that stands still stands now; else by how much it is ahead of the machine's.
    clock_position BIGINT NOT NULL,
    agent_is_stopped BIGINT NOT NULL,
    -- Counts starts of the server, so that none hands out the identifiers of an earlier one.
    starts BIGINT NOT NULL
);

-- What a forest was made from; later entries get identifiers of the same domain.
ALTER TABLE forests ADD COLUMN seed BIGINT NOT NULL DEFAULT 1;
