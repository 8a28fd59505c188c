-- Every text in this schema sorts by its bytes (COLLATE "C"), whatever the database's own rule is: so do the cursors of
-- the pages, and so does SQLite.
--
-- What grows with the country's cars lies in 16 parts, by the hash of the value that every statement names: small
-- enough to be vacuumed and indexed one by one, few enough that a statement about all of them stays cheap to plan. An
-- engine that spreads tables over machines takes the same column.

-- Answers that are given again to a request that comes again.
CREATE TABLE idempotency (
    scope TEXT COLLATE "C" NOT NULL,
    key_digest BYTEA NOT NULL,
    fingerprint BYTEA NOT NULL,
    status INTEGER NOT NULL,
    answer BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (scope, key_digest)
) PARTITION BY HASH (key_digest);

CREATE TABLE idempotency_p00 PARTITION OF idempotency FOR VALUES WITH (MODULUS 16, REMAINDER 0);
CREATE TABLE idempotency_p01 PARTITION OF idempotency FOR VALUES WITH (MODULUS 16, REMAINDER 1);
CREATE TABLE idempotency_p02 PARTITION OF idempotency FOR VALUES WITH (MODULUS 16, REMAINDER 2);
CREATE TABLE idempotency_p03 PARTITION OF idempotency FOR VALUES WITH (MODULUS 16, REMAINDER 3);
CREATE TABLE idempotency_p04 PARTITION OF idempotency FOR VALUES WITH (MODULUS 16, REMAINDER 4);
CREATE TABLE idempotency_p05 PARTITION OF idempotency FOR VALUES WITH (MODULUS 16, REMAINDER 5);
CREATE TABLE idempotency_p06 PARTITION OF idempotency FOR VALUES WITH (MODULUS 16, REMAINDER 6);
CREATE TABLE idempotency_p07 PARTITION OF idempotency FOR VALUES WITH (MODULUS 16, REMAINDER 7);
CREATE TABLE idempotency_p08 PARTITION OF idempotency FOR VALUES WITH (MODULUS 16, REMAINDER 8);
CREATE TABLE idempotency_p09 PARTITION OF idempotency FOR VALUES WITH (MODULUS 16, REMAINDER 9);
CREATE TABLE idempotency_p10 PARTITION OF idempotency FOR VALUES WITH (MODULUS 16, REMAINDER 10);
CREATE TABLE idempotency_p11 PARTITION OF idempotency FOR VALUES WITH (MODULUS 16, REMAINDER 11);
CREATE TABLE idempotency_p12 PARTITION OF idempotency FOR VALUES WITH (MODULUS 16, REMAINDER 12);
CREATE TABLE idempotency_p13 PARTITION OF idempotency FOR VALUES WITH (MODULUS 16, REMAINDER 13);
CREATE TABLE idempotency_p14 PARTITION OF idempotency FOR VALUES WITH (MODULUS 16, REMAINDER 14);
CREATE TABLE idempotency_p15 PARTITION OF idempotency FOR VALUES WITH (MODULUS 16, REMAINDER 15);

CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);
