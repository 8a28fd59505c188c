-- Who is told what, and where: of a car, of a dealer's cars, or what concerns the organisation.
CREATE TABLE watch (
    id TEXT NOT NULL,
    organization TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('vehicle', 'stock', 'notices')),
    -- Of one car.
    vin TEXT,
    -- Whose cars on offer, where it is of all of them.
    stock_of TEXT,
    -- Types of notices, in order and apart by spaces.
    types TEXT,
    name TEXT,
    -- Without one it is told to streams alone.
    url TEXT,
    -- Sealed, for this row.
    secret BLOB NOT NULL,
    -- The one before it, which signs beside it for a while.
    former_secret BLOB,
    former_until BIGINT,
    state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'disabled')),
    -- Why the platform disabled it.
    reason TEXT CHECK (reason IN ('gone', 'failing')),
    state_since BIGINT NOT NULL,
    -- Since when nothing has been accepted.
    failing_since BIGINT,
    -- Of the delivery that was made last.
    sequence BIGINT NOT NULL CHECK (sequence >= 0),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (organization) REFERENCES organization (id),
    CHECK ((kind = 'vehicle') = (vin IS NOT NULL)),
    CHECK ((kind = 'stock') = (stock_of IS NOT NULL)),
    CHECK ((kind = 'notices') = (types IS NOT NULL)),
    CHECK ((former_secret IS NULL) = (former_until IS NULL)),
    CHECK ((state = 'disabled') = (reason IS NOT NULL))
) WITHOUT ROWID;

CREATE UNIQUE INDEX watch_by_organization ON watch (organization, id);

CREATE INDEX watch_by_vin ON watch (vin) WHERE vin IS NOT NULL;

CREATE INDEX watch_by_stock ON watch (stock_of) WHERE stock_of IS NOT NULL;

-- How much of a car's chain has been told, and how much there is. Written by whoever appends.
CREATE TABLE watch_car (
    watch TEXT NOT NULL,
    vin TEXT NOT NULL,
    told_count BIGINT NOT NULL CHECK (told_count >= 0),
    -- Of the last entry that was told.
    told_hash BLOB CHECK (length(told_hash) = 32),
    newest_count BIGINT NOT NULL CHECK (newest_count >= 0),
    is_due INTEGER NOT NULL CHECK (is_due IN (0, 1)),
    PRIMARY KEY (watch, vin),
    CHECK ((told_count = 0) = (told_hash IS NULL))
) WITHOUT ROWID;

CREATE UNIQUE INDEX watch_car_due ON watch_car (is_due, watch, vin);

-- What is told, each in the place that it has among those of its watch.
CREATE TABLE delivery (
    id TEXT NOT NULL,
    watch TEXT NOT NULL,
    sequence BIGINT NOT NULL CHECK (sequence > 0),
    type TEXT NOT NULL,
    vin TEXT,
    -- The very bytes that are signed and sent.
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'kept')),
    -- Of this run: whoever sets the watch going again begins a new one.
    attempts BIGINT NOT NULL CHECK (attempts >= 0),
    -- What became of the last attempts: a JSON array.
    log TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX delivery_by_sequence ON delivery (watch, sequence);

CREATE UNIQUE INDEX delivery_by_state ON delivery (watch, state, sequence);

CREATE INDEX delivery_by_age ON delivery (created_at, id);
