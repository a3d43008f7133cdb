-- For the values that filters offer, which are few in many rows.
CREATE INDEX audit_log_activity ON audit_log (activity);
CREATE INDEX audit_log_initiated_by ON audit_log (initiated_by);
