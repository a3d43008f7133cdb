-- One row: whose data this database holds, so that a demo and real data never meet, and which key
-- opens the credentials in it.
CREATE TABLE installation (
    id BIGINT NOT NULL PRIMARY KEY,
    -- 'production' or 'demo'
    kind TEXT NOT NULL,
    -- A known text, sealed with the key: what cannot open it is another key.
    key_check TEXT NOT NULL
);
