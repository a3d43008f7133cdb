-- What the log is narrowed to and counted by, beside its own columns.
ALTER TABLE provisioning_log ADD COLUMN error_code TEXT;
-- object or password.
ALTER TABLE provisioning_log ADD COLUMN sync_type TEXT NOT NULL DEFAULT 'object';

CREATE INDEX provisioning_log_error ON provisioning_log (error_code, id)
    WHERE error_code IS NOT NULL;

-- How many rows the log has, by hour: written with the rows, so that insights never count a
-- hundred thousand of them. Rows that were there before are counted here, once, as far as their
-- columns tell.
CREATE TABLE provisioning_counts (
    configuration_id TEXT NOT NULL,
    -- Its first microsecond.
    hour BIGINT NOT NULL,
    sync_type TEXT NOT NULL,
    action TEXT NOT NULL,
    result TEXT NOT NULL,
    -- Empty where nothing failed.
    error_code TEXT NOT NULL,
    log_rows BIGINT NOT NULL,
    -- The last one.
    latest_at BIGINT NOT NULL,
    PRIMARY KEY (configuration_id, hour, sync_type, action, result, error_code)
);

CREATE INDEX provisioning_counts_hour ON provisioning_counts (hour);

INSERT INTO provisioning_counts
    (configuration_id, hour, sync_type, action, result, error_code, log_rows, latest_at)
SELECT configuration_id, at - at % 3600000000, 'object', action, result, '', COUNT(*), MAX(at)
FROM provisioning_log
GROUP BY configuration_id, at - at % 3600000000, action, result;
