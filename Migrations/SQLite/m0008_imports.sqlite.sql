-- Files of cars on their way into listings.
CREATE TABLE inventory_import (
    id TEXT NOT NULL,
    dealer TEXT NOT NULL,
    credential TEXT,
    mode TEXT NOT NULL CHECK (mode IN ('validate', 'all_or_nothing', 'skip_bad')),
    -- What was found out about the file as it arrived: format, encoding, header, and what the caller says of columns.
    shape TEXT NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('receiving', 'queued', 'validating', 'applying', 'completed', 'failed', 'cancelled')
    ),
    file_bytes BIGINT NOT NULL CHECK (file_bytes >= 0),
    file_digest BLOB CHECK (length(file_digest) = 32),
    rows_total BIGINT NOT NULL CHECK (rows_total >= 0),
    chunks_total BIGINT NOT NULL CHECK (chunks_total >= 0),
    -- The chunk that comes next.
    next_chunk BIGINT NOT NULL CHECK (next_chunk BETWEEN 0 AND chunks_total),
    rows_read BIGINT NOT NULL CHECK (rows_read BETWEEN 0 AND rows_total),
    valid_rows BIGINT NOT NULL CHECK (valid_rows >= 0),
    created_rows BIGINT NOT NULL CHECK (created_rows >= 0),
    updated_rows BIGINT NOT NULL CHECK (updated_rows >= 0),
    unchanged_rows BIGINT NOT NULL CHECK (unchanged_rows >= 0),
    failed_rows BIGINT NOT NULL CHECK (failed_rows >= 0),
    defect TEXT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    -- When the chunks are thrown away. NULL while they are needed, and when they are gone.
    file_until BIGINT,
    PRIMARY KEY (id),
    FOREIGN KEY (dealer) REFERENCES organization (id),
    CHECK ((finished_at IS NULL) = (state IN ('receiving', 'queued', 'validating', 'applying')))
) WITHOUT ROWID;

CREATE UNIQUE INDEX inventory_import_by_dealer ON inventory_import (dealer, id);

CREATE INDEX inventory_import_by_file_until ON inventory_import (file_until);

-- What has rows to go through. A dealer's are gone through one after the other, and dealers take turns.
CREATE TABLE inventory_import_queue (
    dealer TEXT NOT NULL,
    import TEXT NOT NULL,
    PRIMARY KEY (dealer, import)
) WITHOUT ROWID;

-- The rows of a file as they stood, some in each: too large to lie in the tree of its keys.
CREATE TABLE inventory_import_chunk (
    import TEXT NOT NULL,
    number BIGINT NOT NULL CHECK (number >= 0),
    first_row BIGINT NOT NULL CHECK (first_row > 0),
    data BLOB NOT NULL,
    PRIMARY KEY (import, number)
);

-- What came of each row.
CREATE TABLE inventory_import_row (
    import TEXT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    line BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('valid', 'created', 'updated', 'unchanged', 'failed')),
    vin TEXT,
    listing TEXT,
    faults TEXT,
    PRIMARY KEY (import, number)
) WITHOUT ROWID;

CREATE UNIQUE INDEX inventory_import_row_by_status ON inventory_import_row (import, status, number);

-- A car that a file has twice.
CREATE INDEX inventory_import_row_by_vin ON inventory_import_row (import, vin, number);

-- What an organisation says about the columns of its own exports.
CREATE TABLE import_mapping (
    id TEXT NOT NULL,
    organization TEXT NOT NULL,
    name TEXT NOT NULL,
    columns TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (organization) REFERENCES organization (id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX import_mapping_by_name ON import_mapping (organization, name);

CREATE UNIQUE INDEX import_mapping_by_organization ON import_mapping (organization, id);

-- A dealer's listings of one car.
CREATE INDEX listing_by_car ON listing (dealer, vin, id);
