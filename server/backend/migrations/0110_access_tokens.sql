-- By which programs act for the people who made them. Only hashes are stored: who reads this table
-- cannot use them.
CREATE TABLE access_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    admin_id TEXT NOT NULL REFERENCES admins (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT
);

CREATE INDEX access_tokens_admin ON access_tokens (admin_id);

-- Invitations are listed and withdrawn by an id, because their hash is nobody's business.
ALTER TABLE admin_invitations ADD COLUMN id TEXT;
ALTER TABLE admin_invitations ADD COLUMN invited_by TEXT;
