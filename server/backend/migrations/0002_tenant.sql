CREATE TABLE tenant_objects (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    source_anchor TEXT,
    managed_by TEXT,
    display_name TEXT NOT NULL,
    -- Lower-case display name and id: the order of lists, and the key that walks them.
    sort_key TEXT NOT NULL,
    -- Lower-case user principal name; unique among users that are not deleted.
    user_principal_name_key TEXT,
    -- Lower-case primary SMTP address.
    mail_key TEXT,
    attributes TEXT NOT NULL,
    account_enabled BIGINT,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    deleted_at BIGINT
);

CREATE UNIQUE INDEX tenant_objects_user_principal_name
    ON tenant_objects (user_principal_name_key) WHERE deleted_at IS NULL;
CREATE INDEX tenant_objects_source_anchor ON tenant_objects (source_anchor);
CREATE INDEX tenant_objects_mail ON tenant_objects (mail_key);
CREATE INDEX tenant_objects_list ON tenant_objects (kind, sort_key) WHERE deleted_at IS NULL;
CREATE INDEX tenant_objects_deleted ON tenant_objects (deleted_at) WHERE deleted_at IS NOT NULL;

-- Manager, members: one row each, so that a changed member costs one row.
CREATE TABLE tenant_references (
    object_id TEXT NOT NULL,
    attribute TEXT NOT NULL,
    target_id TEXT NOT NULL,
    PRIMARY KEY (object_id, attribute, target_id)
);

CREATE INDEX tenant_references_target ON tenant_references (target_id, attribute);

-- Which source object a configuration connected with which tenant object.
CREATE TABLE links (
    configuration_id TEXT NOT NULL,
    anchor TEXT NOT NULL,
    kind TEXT NOT NULL,
    target_id TEXT NOT NULL UNIQUE,
    PRIMARY KEY (configuration_id, anchor)
);
