-- With its payload: what an envelope hashes to is not said a second time; `entry_hash` knows it. The owner may erase a
-- payload, and change nothing else of what was written.
ALTER TABLE entry ADD COLUMN payload TEXT COLLATE "C";

GRANT UPDATE (payload) ON
    entry,
    entry_p00, entry_p01, entry_p02, entry_p03, entry_p04, entry_p05, entry_p06, entry_p07,
    entry_p08, entry_p09, entry_p10, entry_p11, entry_p12, entry_p13, entry_p14, entry_p15
TO CURRENT_USER;

UPDATE entry
SET payload = payload.payload
FROM payload
WHERE payload.vin = entry.vin AND payload.seq = entry.seq;

DROP TABLE payload;

ALTER TABLE entry DROP COLUMN hash;

-- A source's own reference leads to one entry, whichever car it was reported for: what makes a repeat harmless. Of
-- source and reference, with the end of a line between them, the first sixteen bytes of their SHA-256.
CREATE TABLE entry_ref (
    digest BYTEA NOT NULL CHECK (octet_length(digest) = 16),
    vin TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (digest)
) PARTITION BY HASH (digest);

CREATE TABLE entry_ref_p00 PARTITION OF entry_ref FOR VALUES WITH (MODULUS 16, REMAINDER 0);
CREATE TABLE entry_ref_p01 PARTITION OF entry_ref FOR VALUES WITH (MODULUS 16, REMAINDER 1);
CREATE TABLE entry_ref_p02 PARTITION OF entry_ref FOR VALUES WITH (MODULUS 16, REMAINDER 2);
CREATE TABLE entry_ref_p03 PARTITION OF entry_ref FOR VALUES WITH (MODULUS 16, REMAINDER 3);
CREATE TABLE entry_ref_p04 PARTITION OF entry_ref FOR VALUES WITH (MODULUS 16, REMAINDER 4);
CREATE TABLE entry_ref_p05 PARTITION OF entry_ref FOR VALUES WITH (MODULUS 16, REMAINDER 5);
CREATE TABLE entry_ref_p06 PARTITION OF entry_ref FOR VALUES WITH (MODULUS 16, REMAINDER 6);
CREATE TABLE entry_ref_p07 PARTITION OF entry_ref FOR VALUES WITH (MODULUS 16, REMAINDER 7);
CREATE TABLE entry_ref_p08 PARTITION OF entry_ref FOR VALUES WITH (MODULUS 16, REMAINDER 8);
CREATE TABLE entry_ref_p09 PARTITION OF entry_ref FOR VALUES WITH (MODULUS 16, REMAINDER 9);
CREATE TABLE entry_ref_p10 PARTITION OF entry_ref FOR VALUES WITH (MODULUS 16, REMAINDER 10);
CREATE TABLE entry_ref_p11 PARTITION OF entry_ref FOR VALUES WITH (MODULUS 16, REMAINDER 11);
CREATE TABLE entry_ref_p12 PARTITION OF entry_ref FOR VALUES WITH (MODULUS 16, REMAINDER 12);
CREATE TABLE entry_ref_p13 PARTITION OF entry_ref FOR VALUES WITH (MODULUS 16, REMAINDER 13);
CREATE TABLE entry_ref_p14 PARTITION OF entry_ref FOR VALUES WITH (MODULUS 16, REMAINDER 14);
CREATE TABLE entry_ref_p15 PARTITION OF entry_ref FOR VALUES WITH (MODULUS 16, REMAINDER 15);

INSERT INTO entry_ref (digest, vin, seq)
SELECT substring(sha256(convert_to(source || chr(10) || ref, 'UTF8')) FROM 1 FOR 16), vin, seq
FROM source_ref;

DROP TABLE source_ref;

-- The owner gives up its own right to change what was written.
REVOKE UPDATE, DELETE, TRUNCATE ON
    entry_ref,
    entry_ref_p00, entry_ref_p01, entry_ref_p02, entry_ref_p03,
    entry_ref_p04, entry_ref_p05, entry_ref_p06, entry_ref_p07,
    entry_ref_p08, entry_ref_p09, entry_ref_p10, entry_ref_p11,
    entry_ref_p12, entry_ref_p13, entry_ref_p14, entry_ref_p15
FROM CURRENT_USER;
