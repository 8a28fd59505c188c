-- Entries in the order of their arrival, with their payloads: pages fill to the brim, and an append touches the last of
-- them instead of one anywhere. What an envelope hashes to is not said a second time; `entry_hash` knows it.
CREATE TABLE arrived_entry (
    vin TEXT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq >= 0),
    envelope TEXT NOT NULL,
    -- NULL where it was erased: the only change that a row ever sees.
    payload TEXT,
    PRIMARY KEY (vin, seq)
);

INSERT INTO arrived_entry (vin, seq, envelope, payload)
SELECT entry.vin, entry.seq, entry.envelope, payload.payload
FROM entry
LEFT JOIN payload ON payload.vin = entry.vin AND payload.seq = entry.seq;

DROP TABLE payload;

DROP TABLE entry;

ALTER TABLE arrived_entry RENAME TO entry;

-- A source's own reference leads to one entry, whichever car it was reported for: what makes a repeat harmless. Of
-- source and reference, with the end of a line between them, the first sixteen bytes of their SHA-256.
CREATE TABLE entry_ref (
    digest BLOB NOT NULL CHECK (length(digest) = 16),
    vin TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (digest)
) WITHOUT ROWID;

INSERT INTO entry_ref (digest, vin, seq)
SELECT substr(sha256(source || char(10) || ref), 1, 16), vin, seq
FROM source_ref;

DROP TABLE source_ref;
