-- Types are TEXT and BIGINT, so that one text serves SQLite and PostgreSQL.

CREATE TABLE directories (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    domain TEXT NOT NULL UNIQUE,
    base_dn TEXT NOT NULL,
    -- The LDAP connection as JSON; the bind password stands beside it, sealed.
    connection TEXT,
    sealed_password TEXT,
    last_contact_at BIGINT,
    last_contact_error TEXT,
    created_at BIGINT NOT NULL
);

CREATE TABLE configurations (
    id TEXT NOT NULL PRIMARY KEY,
    directory_id TEXT NOT NULL REFERENCES directories (id),
    domain TEXT NOT NULL,
    document TEXT NOT NULL,
    is_enabled BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- A deleted configuration waits here for an undo, then goes for good.
    deleted_at BIGINT
);

CREATE UNIQUE INDEX configurations_domain ON configurations (domain) WHERE deleted_at IS NULL;

-- What the cycles know of a configuration.
CREATE TABLE configuration_states (
    configuration_id TEXT NOT NULL PRIMARY KEY REFERENCES configurations (id) ON DELETE CASCADE,
    health TEXT NOT NULL,
    reading_cursor TEXT,
    absence_checked_at BIGINT,
    objects_expected BIGINT,
    next_run BIGINT,
    -- How often a person asked for a full evaluation that is not done yet.
    restarts_requested BIGINT NOT NULL,
    restart_recommended BIGINT NOT NULL,
    initial_cycle_done BIGINT NOT NULL,
    -- Kept, not counted: how many tenant objects the configuration manages.
    managed_users BIGINT NOT NULL,
    managed_groups BIGINT NOT NULL,
    managed_contacts BIGINT NOT NULL,
    progress TEXT,
    lease_holder TEXT,
    lease_until BIGINT
);

CREATE TABLE cycles (
    id TEXT NOT NULL PRIMARY KEY,
    configuration_id TEXT NOT NULL REFERENCES configurations (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    outcome TEXT,
    counts TEXT NOT NULL
);

CREATE INDEX cycles_configuration ON cycles (configuration_id, id);

CREATE TABLE audit_log (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    activity TEXT NOT NULL,
    succeeded BIGINT NOT NULL,
    initiated_by TEXT NOT NULL,
    target TEXT NOT NULL,
    detail TEXT NOT NULL
);
