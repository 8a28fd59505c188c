-- The head of every car's chain: what an append compares against and moves on.
CREATE TABLE vehicle (
    vin TEXT NOT NULL,
    entry_count BIGINT NOT NULL CHECK (entry_count > 0),
    head_hash BLOB NOT NULL CHECK (length(head_hash) = 32),
    recorded_at_ms BIGINT NOT NULL,
    PRIMARY KEY (vin)
) WITHOUT ROWID;

-- The very bytes that were hashed. Rows are only ever added.
CREATE TABLE entry (
    vin TEXT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    envelope TEXT NOT NULL,
    PRIMARY KEY (vin, seq)
) WITHOUT ROWID;

-- Apart from the entry, because a payload may be erased and an entry may not.
CREATE TABLE payload (
    vin TEXT NOT NULL,
    seq BIGINT NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (vin, seq),
    FOREIGN KEY (vin, seq) REFERENCES entry (vin, seq)
) WITHOUT ROWID;

-- A source's own reference leads to one entry, whichever car it was reported for: what makes a repeat harmless.
CREATE TABLE source_ref (
    source TEXT NOT NULL,
    ref TEXT NOT NULL,
    vin TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (source, ref)
) WITHOUT ROWID;

-- Where an entry stands, by its hash.
CREATE TABLE entry_hash (
    hash BLOB NOT NULL,
    vin TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (hash)
) WITHOUT ROWID;
