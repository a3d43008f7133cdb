-- What the last readings saw of a configuration's directory (its connector data store). Rows stay
-- marked until what follows from them is settled, so that a crash at any instant loses nothing.
CREATE TABLE source_objects (
    configuration_id TEXT NOT NULL,
    anchor TEXT NOT NULL,
    kind TEXT NOT NULL,
    dn TEXT NOT NULL,
    dn_key TEXT NOT NULL,
    attributes TEXT NOT NULL,
    is_gone BIGINT NOT NULL,
    is_in_scope BIGINT NOT NULL,
    -- To be evaluated again.
    is_marked BIGINT NOT NULL,
    -- Its references are to be compared again.
    references_marked BIGINT NOT NULL,
    -- The reading that named it last.
    reading TEXT NOT NULL,
    PRIMARY KEY (configuration_id, anchor)
);

CREATE INDEX source_objects_dn ON source_objects (configuration_id, dn_key);
CREATE INDEX source_objects_marked ON source_objects (configuration_id, anchor)
    WHERE is_marked = 1;
CREATE INDEX source_objects_references_marked ON source_objects (configuration_id, anchor)
    WHERE references_marked = 1;

-- member, manager: by the key of the name that the directory holds.
CREATE TABLE source_references (
    configuration_id TEXT NOT NULL,
    owner_anchor TEXT NOT NULL,
    attribute TEXT NOT NULL,
    target_key TEXT NOT NULL,
    PRIMARY KEY (configuration_id, owner_anchor, attribute, target_key)
);

CREATE INDEX source_references_target ON source_references (configuration_id, target_key);

-- The plan of the cycle under way, where it has to wait for the guard's verdict.
CREATE TABLE planned_changes (
    configuration_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    anchor TEXT NOT NULL,
    action TEXT NOT NULL,
    target_id TEXT,
    user_principal_name_key TEXT,
    document TEXT NOT NULL,
    PRIMARY KEY (configuration_id, position)
);

CREATE INDEX planned_changes_anchor ON planned_changes (configuration_id, anchor);
CREATE INDEX planned_changes_name ON planned_changes (configuration_id, user_principal_name_key);

CREATE TABLE planned_references (
    configuration_id TEXT NOT NULL,
    owner_anchor TEXT NOT NULL,
    attribute TEXT NOT NULL,
    target_anchor TEXT NOT NULL,
    is_addition BIGINT NOT NULL,
    PRIMARY KEY (configuration_id, owner_anchor, attribute, target_anchor)
);

-- Deletions that wait for a person.
CREATE TABLE held_deletions (
    configuration_id TEXT NOT NULL,
    anchor TEXT NOT NULL,
    target_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    display_name TEXT NOT NULL,
    dn TEXT NOT NULL,
    reason TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    held_at BIGINT NOT NULL,
    is_approved BIGINT NOT NULL,
    PRIMARY KEY (configuration_id, anchor)
);

-- Objects whose write failed, with the time of the next try.
CREATE TABLE escrows (
    configuration_id TEXT NOT NULL,
    anchor TEXT NOT NULL,
    code TEXT NOT NULL,
    first_failed_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt BIGINT NOT NULL,
    PRIMARY KEY (configuration_id, anchor)
);

CREATE TABLE provisioning_log (
    id TEXT NOT NULL PRIMARY KEY,
    configuration_id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    action TEXT NOT NULL,
    result TEXT NOT NULL,
    display_name TEXT NOT NULL,
    source_anchor TEXT NOT NULL,
    source_id TEXT NOT NULL,
    source_dn TEXT NOT NULL,
    target_id TEXT,
    source_system TEXT NOT NULL,
    -- Lower-case name, DN and identifiers, for searching by a part.
    search_text TEXT NOT NULL,
    detail TEXT NOT NULL
);

CREATE INDEX provisioning_log_configuration ON provisioning_log (configuration_id, id);
CREATE INDEX provisioning_log_cycle ON provisioning_log (cycle_id, source_anchor);
CREATE INDEX provisioning_log_action ON provisioning_log (action, id);
CREATE INDEX provisioning_log_result ON provisioning_log (result, id);
