-- Tests of single objects, with what they found, so that an address can show them again.
CREATE TABLE on_demand_tests (
    id TEXT NOT NULL PRIMARY KEY,
    configuration_id TEXT NOT NULL,
    document TEXT NOT NULL
);

CREATE INDEX on_demand_tests_configuration ON on_demand_tests (configuration_id, id);
