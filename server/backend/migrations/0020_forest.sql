-- The demo forests. One row for each forest; whoever changes it holds this row.
CREATE TABLE forests (
    domain TEXT NOT NULL PRIMARY KEY,
    -- Another one whenever the forest is put back: cursors of an earlier life are refused.
    generation TEXT NOT NULL,
    -- Counts changes. Every changed entry has a number of its own.
    last_change BIGINT NOT NULL,
    -- For the next security identifier.
    next_relative_identifier BIGINT NOT NULL
);

CREATE TABLE forest_entries (
    id TEXT NOT NULL PRIMARY KEY,
    forest TEXT NOT NULL REFERENCES forests (domain),
    class TEXT NOT NULL,
    parent_id TEXT,
    dn TEXT NOT NULL,
    dn_key TEXT NOT NULL,
    -- Lower-case name and id: the order of lists, and the key that walks them.
    sort_key TEXT NOT NULL,
    -- Lower-case sAMAccountName, userPrincipalName and mail.
    account_key TEXT,
    user_name_key TEXT,
    mail_key TEXT,
    anchor TEXT NOT NULL,
    account_enabled BIGINT,
    -- Lower-case names and addresses, for searching by a part.
    search_text TEXT NOT NULL,
    -- Without references.
    attributes TEXT NOT NULL,
    change BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX forest_entries_dn ON forest_entries (forest, dn_key);
CREATE UNIQUE INDEX forest_entries_account ON forest_entries (forest, account_key);
CREATE UNIQUE INDEX forest_entries_user_name ON forest_entries (forest, user_name_key);
CREATE INDEX forest_entries_mail ON forest_entries (forest, mail_key);
CREATE INDEX forest_entries_anchor ON forest_entries (forest, anchor);
CREATE INDEX forest_entries_parent ON forest_entries (parent_id, sort_key);
CREATE INDEX forest_entries_list ON forest_entries (forest, sort_key);
CREATE INDEX forest_entries_walk ON forest_entries (forest, id);
CREATE INDEX forest_entries_change ON forest_entries (forest, change);

-- member, manager, managedBy: by identifier, so that a moved entry keeps who refers to it.
CREATE TABLE forest_references (
    owner_id TEXT NOT NULL REFERENCES forest_entries (id) ON DELETE CASCADE,
    attribute TEXT NOT NULL,
    target_id TEXT NOT NULL REFERENCES forest_entries (id) ON DELETE CASCADE,
    PRIMARY KEY (owner_id, attribute, target_id)
);

CREATE INDEX forest_references_target ON forest_references (target_id, attribute);

-- Entries that are gone, for readings of changes.
CREATE TABLE forest_tombstones (
    forest TEXT NOT NULL,
    change BIGINT NOT NULL,
    anchor TEXT NOT NULL,
    PRIMARY KEY (forest, change)
);
