-- Every mail that the service wrote, whether a mail server took it or not.
CREATE TABLE mails (
    id TEXT NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    -- A JSON list.
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    text_body TEXT NOT NULL,
    html_body TEXT NOT NULL,
    -- kept, waiting, delivered, givenUp
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    -- While waiting. Whoever tries moves it ahead first, so that nobody else tries meanwhile.
    next_attempt BIGINT,
    last_error TEXT,
    delivered_at BIGINT
);

CREATE INDEX mails_waiting ON mails (next_attempt) WHERE state = 'waiting';
CREATE INDEX mails_created ON mails (created_at);
