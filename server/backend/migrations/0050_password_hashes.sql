-- Whether a directory gives out password hashes, as its last test found. The demo forests do.
ALTER TABLE directories ADD COLUMN delivers_password_hashes BIGINT NOT NULL DEFAULT 0;

-- What the demo forests keep of passwords: NT hashes, sealed.
CREATE TABLE forest_passwords (
    entry_id TEXT NOT NULL PRIMARY KEY REFERENCES forest_entries (id) ON DELETE CASCADE,
    sealed_hash TEXT NOT NULL
);

-- One job for each configuration that synchronizes password hashes.
CREATE TABLE password_hash_jobs (
    configuration_id TEXT NOT NULL PRIMARY KEY REFERENCES configurations (id) ON DELETE CASCADE,
    -- Where the next question for changes begins; none before the first answer.
    reading_cursor TEXT,
    next_run BIGINT NOT NULL,
    lease_holder TEXT,
    lease_until BIGINT,
    last_run BIGINT,
    last_error TEXT
);

-- What the job knows of each user's password. Never the hash: a keyed digest tells whether it is
-- another one.
CREATE TABLE password_hash_states (
    configuration_id TEXT NOT NULL REFERENCES configurations (id) ON DELETE CASCADE,
    anchor TEXT NOT NULL,
    target_id TEXT NOT NULL,
    -- synchronized, mustChange, none, failed
    state TEXT NOT NULL,
    fingerprint TEXT,
    -- The directory says that it may have changed.
    is_marked BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt BIGINT,
    PRIMARY KEY (configuration_id, anchor)
);

CREATE INDEX password_hash_states_marked ON password_hash_states (configuration_id, anchor)
    WHERE is_marked = 1;

-- What the tenant keeps of passwords: the result of a one-way derivation.
CREATE TABLE tenant_credentials (
    object_id TEXT NOT NULL PRIMARY KEY REFERENCES tenant_objects (id) ON DELETE CASCADE,
    salt TEXT NOT NULL,
    rounds BIGINT NOT NULL,
    derived TEXT NOT NULL,
    -- When it was set on-premises, where the directory says so.
    set_at BIGINT,
    changed_at BIGINT NOT NULL
);

-- Passwords that were tried on a user's page within the present window.
CREATE TABLE sign_in_checks (
    object_id TEXT NOT NULL PRIMARY KEY REFERENCES tenant_objects (id) ON DELETE CASCADE,
    window_start BIGINT NOT NULL,
    attempts BIGINT NOT NULL
);
