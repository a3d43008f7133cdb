-- Names that only one object may have, and what waits until they are free.
ALTER TABLE tenant_objects ADD COLUMN admin_role TEXT;
-- JSON: values that another object has. None where nothing waits.
ALTER TABLE tenant_objects ADD COLUMN held_back TEXT;

CREATE INDEX tenant_objects_held_back ON tenant_objects (managed_by) WHERE held_back IS NOT NULL;

-- SMTP addresses in lower case.
CREATE TABLE tenant_addresses (
    address_key TEXT NOT NULL,
    object_id TEXT NOT NULL,
    PRIMARY KEY (address_key, object_id)
);

CREATE INDEX tenant_addresses_object ON tenant_addresses (object_id);

-- One row: what holds for the whole tenant, as JSON.
CREATE TABLE tenant_settings (
    id BIGINT NOT NULL PRIMARY KEY,
    features TEXT NOT NULL
);

-- Why the object is left as it is, as the log was told last.
ALTER TABLE source_objects ADD COLUMN skip_reason TEXT;
-- Whether the object would be in scope by the plan that a person looks at.
ALTER TABLE source_objects ADD COLUMN preview_scope BIGINT;

-- Names that the plan under way takes.
DROP INDEX planned_changes_name;
ALTER TABLE planned_changes DROP COLUMN user_principal_name_key;
CREATE TABLE planned_names (
    configuration_id TEXT NOT NULL,
    name_key TEXT NOT NULL,
    PRIMARY KEY (configuration_id, name_key)
);

-- Left out when others of the same list were allowed.
ALTER TABLE held_deletions ADD COLUMN is_kept BIGINT NOT NULL DEFAULT 0;
-- Of a group that is not deleted but loses members: how many.
ALTER TABLE held_deletions ADD COLUMN lost_members BIGINT;

ALTER TABLE escrows ADD COLUMN reason TEXT NOT NULL DEFAULT '';

-- References whose target is not in the tenant, by owner.
CREATE TABLE reference_failures (
    configuration_id TEXT NOT NULL,
    owner_anchor TEXT NOT NULL,
    attribute TEXT NOT NULL,
    unresolved BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (configuration_id, owner_anchor, attribute)
);

-- Plans that a person looks at before they run.
CREATE TABLE previews (
    id TEXT NOT NULL PRIMARY KEY,
    configuration_id TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    -- The configuration that was planned with, as JSON.
    document TEXT NOT NULL,
    is_draft BIGINT NOT NULL,
    -- Counts and verdict, as JSON.
    summary TEXT NOT NULL
);

CREATE INDEX previews_configuration ON previews (configuration_id, id);

CREATE TABLE preview_changes (
    preview_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    anchor TEXT NOT NULL,
    kind TEXT NOT NULL,
    action TEXT NOT NULL,
    display_name TEXT NOT NULL,
    dn TEXT NOT NULL,
    -- The planned change, as JSON.
    document TEXT NOT NULL,
    PRIMARY KEY (preview_id, position)
);

CREATE INDEX preview_changes_action ON preview_changes (preview_id, action, position);
