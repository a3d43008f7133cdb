-- The groups and organizational units that scopes name, by the identifiers that they had when they
-- were first found: they are followed when they are renamed, and what gets a name later is not meant.
CREATE TABLE chosen_objects (
    configuration_id TEXT NOT NULL REFERENCES configurations (id) ON DELETE CASCADE,
    name_key TEXT NOT NULL,
    guid TEXT NOT NULL,
    PRIMARY KEY (configuration_id, name_key)
);
