-- Rule sets, as they were taken in: the bytes by which every estimate can be made again. Rows are only ever added.
CREATE TABLE pricing_rule_set (
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    id TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    effective_from TEXT COLLATE "C" NOT NULL,
    document BYTEA NOT NULL CHECK (octet_length(document) > 0),
    -- NULL for the one that the product brings along.
    organization TEXT COLLATE "C",
    credential TEXT COLLATE "C",
    added_at BIGINT NOT NULL,
    PRIMARY KEY (hash)
);

CREATE UNIQUE INDEX pricing_rule_set_by_version ON pricing_rule_set (version, added_at, hash);

-- Which of them are to be used. Rows are only ever added; of those that begin on one day the last one counts.
CREATE TABLE pricing_in_force (
    seq BIGINT NOT NULL CHECK (seq > 0),
    rule_set BYTEA NOT NULL,
    organization TEXT COLLATE "C" NOT NULL,
    credential TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (seq),
    FOREIGN KEY (rule_set) REFERENCES pricing_rule_set (hash)
);

-- How the columns of somebody's table become sales. Rows are only ever added.
CREATE TABLE pricing_mapping (
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    source TEXT COLLATE "C" NOT NULL,
    document BYTEA NOT NULL CHECK (octet_length(document) > 0),
    organization TEXT COLLATE "C" NOT NULL,
    credential TEXT COLLATE "C" NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (hash)
);

-- How far the sales are numbered. The row is locked by counting it up, until the commit: whoever has read up to a
-- number has read all there is.
CREATE TABLE pricing_sale_head (
    one INTEGER NOT NULL CHECK (one = 1),
    seq BIGINT NOT NULL CHECK (seq >= 0),
    PRIMARY KEY (one)
);

-- What cars were sold or offered for, by the platform's own dealers and elsewhere. No VIN: a hash tells cars apart.
CREATE TABLE pricing_sale (
    seq BIGINT NOT NULL CHECK (seq > 0),
    -- Of everything that follows, so that a file that is sent again adds nothing.
    digest BYTEA NOT NULL CHECK (octet_length(digest) = 32),
    source TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    vehicle BYTEA NOT NULL CHECK (octet_length(vehicle) = 8),
    car TEXT COLLATE "C" NOT NULL,
    price_fen BIGINT NOT NULL CHECK (price_fen > 0),
    sold_on TEXT COLLATE "C" NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (seq)
);

CREATE UNIQUE INDEX pricing_sale_by_digest ON pricing_sale (digest);

-- Estimates as they were given, with all that they depend on. Rows are only ever added.
CREATE TABLE pricing_estimate (
    id TEXT COLLATE "C" NOT NULL,
    rule_set BYTEA NOT NULL,
    -- Who may look at it; NULL for everybody who knows its number.
    organization TEXT COLLATE "C",
    vin TEXT COLLATE "C",
    listing TEXT COLLATE "C",
    valued_on TEXT COLLATE "C" NOT NULL,
    car TEXT COLLATE "C" NOT NULL,
    evidence TEXT COLLATE "C" NOT NULL,
    answer TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (rule_set) REFERENCES pricing_rule_set (hash)
);

-- What the platform's own sales brought, beside what had been estimated before. Rows are only ever added.
CREATE TABLE pricing_outcome (
    listing TEXT COLLATE "C" NOT NULL,
    sold_on TEXT COLLATE "C" NOT NULL,
    confidence TEXT COLLATE "C" NOT NULL CHECK (confidence IN ('A', 'B', 'C', 'D')),
    -- NULL where the car could not be priced.
    estimate_fen BIGINT,
    low_fen BIGINT,
    high_fen BIGINT,
    actual_fen BIGINT NOT NULL CHECK (actual_fen > 0),
    PRIMARY KEY (listing)
);

CREATE UNIQUE INDEX pricing_outcome_by_day ON pricing_outcome (sold_on, listing);

-- After how many days a dealer wants to hear of a car that is still there.
CREATE TABLE stock_alert_days (
    organization TEXT COLLATE "C" NOT NULL,
    slow_from_days BIGINT NOT NULL CHECK (slow_from_days > 0),
    overdue_from_days BIGINT NOT NULL CHECK (overdue_from_days > slow_from_days),
    version BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (organization),
    FOREIGN KEY (organization) REFERENCES organization (id)
);

-- What the car was estimated at when it was offered last.
ALTER TABLE listing ADD COLUMN appraisal TEXT COLLATE "C";
