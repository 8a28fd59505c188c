-- What the log says, in the order in which the platform took the entries. Rows are only ever added.
CREATE TABLE log_leaf (
    -- The rowid itself: leaves come in its order, and fill their pages.
    number INTEGER NOT NULL CHECK (number >= 0),
    -- The car's key and the entry's hash: neither car nor content can be read from them.
    leaf BLOB NOT NULL CHECK (length(leaf) = 64),
    -- Which entry of its car it is, counted from 1.
    vehicle_count BIGINT NOT NULL CHECK (vehicle_count > 0),
    PRIMARY KEY (number)
);

-- The tree over the leaves. A tile grows in its place, so that every width of it that was ever published can be served.
-- With rowids: rows this long would leave an index tree a handful of branches a page.
CREATE TABLE log_tile (
    level INTEGER NOT NULL CHECK (level >= 0),
    number BIGINT NOT NULL CHECK (number >= 0),
    hashes BLOB NOT NULL CHECK (length(hashes) >= 32),
    PRIMARY KEY (level, number)
);

-- The checkpoint that was signed last. It moves on by compare-and-swap, and never back.
CREATE TABLE log_head (
    one INTEGER NOT NULL CHECK (one = 1),
    size BIGINT NOT NULL CHECK (size >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    note TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    -- When one was put into log_checkpoint last.
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (one)
) WITHOUT ROWID;

-- Checkpoints that were signed before, some of them.
CREATE TABLE log_checkpoint (
    size BIGINT NOT NULL CHECK (size >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    note TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    PRIMARY KEY (size)
) WITHOUT ROWID;

-- What each witness signed last: one line of a note.
CREATE TABLE log_cosignature (
    witness TEXT NOT NULL,
    size BIGINT NOT NULL CHECK (size >= 0),
    note TEXT NOT NULL,
    line TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    PRIMARY KEY (witness)
) WITHOUT ROWID;

-- What cars go by in the log, with the proof that each is the only one. Rows are only ever added.
CREATE TABLE log_vehicle (
    name TEXT NOT NULL,
    vehicle BLOB NOT NULL CHECK (length(vehicle) = 32),
    proof BLOB NOT NULL CHECK (length(proof) = 80),
    PRIMARY KEY (name)
) WITHOUT ROWID;

-- The index of all cars, in pages, by their places in it.
CREATE TABLE log_page (
    path BLOB NOT NULL,
    page BLOB NOT NULL,
    PRIMARY KEY (path)
);

-- The note of the index. Its size is that of the log that it covers.
CREATE TABLE log_index_head (
    one INTEGER NOT NULL CHECK (one = 1),
    size BIGINT NOT NULL CHECK (size >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    note TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    PRIMARY KEY (one)
) WITHOUT ROWID;

-- Entries that wait for their place in the log, where many write at once.
CREATE TABLE log_pending (
    recorded_at_ms BIGINT NOT NULL,
    leaf BLOB NOT NULL CHECK (length(leaf) = 64),
    vehicle_count BIGINT NOT NULL CHECK (vehicle_count > 0),
    PRIMARY KEY (recorded_at_ms, vehicle_count, leaf)
) WITHOUT ROWID;

-- Where those stand that were given their place afterwards. Rows are only ever added.
CREATE TABLE log_place (
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    number BIGINT NOT NULL CHECK (number >= 0),
    PRIMARY KEY (hash)
) WITHOUT ROWID;

-- Where an entry stands in the log; NULL where it was given its place afterwards.
ALTER TABLE entry_hash ADD COLUMN leaf_index BIGINT;

-- Where the history stood in the log that a dealer stood behind when he published.
ALTER TABLE listing ADD COLUMN pinned_leaf_index BIGINT;
