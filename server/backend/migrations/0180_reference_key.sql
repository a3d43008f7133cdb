-- What references find an object by: its identifier where the directory's references carry one,
-- otherwise the key of its name.
ALTER TABLE source_objects ADD COLUMN reference_key TEXT NOT NULL DEFAULT '';
UPDATE source_objects SET reference_key = dn_key;
CREATE INDEX source_objects_reference ON source_objects (configuration_id, reference_key);
