-- Who is told what, and where: of a car, of a dealer's cars, or what concerns the organisation.
CREATE TABLE watch (
    id TEXT COLLATE "C" NOT NULL,
    organization TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('vehicle', 'stock', 'notices')),
    -- Of one car.
    vin TEXT COLLATE "C",
    -- Whose cars on offer, where it is of all of them.
    stock_of TEXT COLLATE "C",
    -- Types of notices, in order and apart by spaces.
    types TEXT COLLATE "C",
    name TEXT COLLATE "C",
    -- Without one it is told to streams alone.
    url TEXT COLLATE "C",
    -- Sealed, for this row.
    secret BYTEA NOT NULL,
    -- The one before it, which signs beside it for a while.
    former_secret BYTEA,
    former_until BIGINT,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('active', 'paused', 'disabled')),
    -- Why the platform disabled it.
    reason TEXT COLLATE "C" CHECK (reason IN ('gone', 'failing')),
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
);

CREATE UNIQUE INDEX watch_by_organization ON watch (organization, id);

CREATE INDEX watch_by_vin ON watch (vin) WHERE vin IS NOT NULL;

CREATE INDEX watch_by_stock ON watch (stock_of) WHERE stock_of IS NOT NULL;

-- How much of a car's chain has been told, and how much there is. Written by whoever appends.
CREATE TABLE watch_car (
    watch TEXT COLLATE "C" NOT NULL,
    vin TEXT COLLATE "C" NOT NULL,
    told_count BIGINT NOT NULL CHECK (told_count >= 0),
    -- Of the last entry that was told.
    told_hash BYTEA CHECK (octet_length(told_hash) = 32),
    newest_count BIGINT NOT NULL CHECK (newest_count >= 0),
    is_due INTEGER NOT NULL CHECK (is_due IN (0, 1)),
    PRIMARY KEY (watch, vin),
    CHECK ((told_count = 0) = (told_hash IS NULL))
);

CREATE UNIQUE INDEX watch_car_due ON watch_car (is_due, watch, vin);

-- What is told, each in the place that it has among those of its watch.
CREATE TABLE delivery (
    id TEXT COLLATE "C" NOT NULL,
    watch TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL CHECK (sequence > 0),
    type TEXT COLLATE "C" NOT NULL,
    vin TEXT COLLATE "C",
    -- The very bytes that are signed and sent.
    body TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'kept')),
    -- Of this run: whoever sets the watch going again begins a new one.
    attempts BIGINT NOT NULL CHECK (attempts >= 0),
    -- What became of the last attempts: a JSON array.
    log TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX delivery_by_sequence ON delivery (watch, sequence);

CREATE UNIQUE INDEX delivery_by_state ON delivery (watch, state, sequence);

CREATE INDEX delivery_by_age ON delivery (created_at, id);
