-- Who may sign in. The demo administrator has no password.
CREATE TABLE admins (
    id TEXT NOT NULL PRIMARY KEY,
    display_name TEXT NOT NULL,
    email TEXT NOT NULL,
    -- Lower case.
    email_key TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    -- A PHC string.
    password_hash TEXT,
    is_demo BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    password_changed_at BIGINT
);

-- Only hashes of tokens are stored: who reads this table cannot sign in with it.
CREATE TABLE admin_sessions (
    token_hash TEXT NOT NULL PRIMARY KEY,
    admin_id TEXT NOT NULL REFERENCES admins (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX admin_sessions_admin ON admin_sessions (admin_id);
CREATE INDEX admin_sessions_expiry ON admin_sessions (expires_at);

-- Links that set a name and a password, once.
CREATE TABLE admin_invitations (
    token_hash TEXT NOT NULL PRIMARY KEY,
    role TEXT NOT NULL,
    -- Printed by the server because nobody could sign in yet; all of these end with the first use.
    is_first_start BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Attempts to sign in within the present window, by hash of what is counted.
CREATE TABLE sign_in_attempts (
    subject TEXT NOT NULL PRIMARY KEY,
    window_start BIGINT NOT NULL,
    attempts BIGINT NOT NULL
);

CREATE INDEX sign_in_attempts_window ON sign_in_attempts (window_start);
