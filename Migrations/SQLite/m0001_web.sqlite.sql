-- Answers that are given again to a request that comes again. With rowids: an answer is long, and rows this long would
-- leave an index tree a handful of branches a page.
CREATE TABLE idempotency (
    scope TEXT NOT NULL,
    key_digest BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    status INTEGER NOT NULL,
    answer BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (scope, key_digest)
);

CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);
