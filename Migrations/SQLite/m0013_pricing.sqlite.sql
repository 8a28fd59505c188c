-- Rule sets, as they were taken in: the bytes by which every estimate can be made again. Rows are only ever added.
CREATE TABLE pricing_rule_set (
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    effective_from TEXT NOT NULL,
    document BLOB NOT NULL CHECK (length(document) > 0),
    -- NULL for the one that the product brings along.
    organization TEXT,
    credential TEXT,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (hash)
) WITHOUT ROWID;

CREATE UNIQUE INDEX pricing_rule_set_by_version ON pricing_rule_set (version, added_at, hash);

-- Which of them are to be used. Rows are only ever added; of those that begin on one day the last one counts.
CREATE TABLE pricing_in_force (
    seq BIGINT NOT NULL CHECK (seq > 0),
    rule_set BLOB NOT NULL,
    organization TEXT NOT NULL,
    credential TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (seq),
    FOREIGN KEY (rule_set) REFERENCES pricing_rule_set (hash)
) WITHOUT ROWID;

-- How the columns of somebody's table become sales. Rows are only ever added.
CREATE TABLE pricing_mapping (
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    source TEXT NOT NULL,
    document BLOB NOT NULL CHECK (length(document) > 0),
    organization TEXT NOT NULL,
    credential TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (hash)
) WITHOUT ROWID;

-- How far the sales are numbered. The row is locked by counting it up, until the commit: whoever has read up to a
-- number has read all there is.
CREATE TABLE pricing_sale_head (
    one INTEGER NOT NULL CHECK (one = 1),
    seq BIGINT NOT NULL CHECK (seq >= 0),
    PRIMARY KEY (one)
) WITHOUT ROWID;

-- What cars were sold or offered for, by the platform's own dealers and elsewhere. No VIN: a hash tells cars apart.
CREATE TABLE pricing_sale (
    seq BIGINT NOT NULL CHECK (seq > 0),
    -- Of everything that follows, so that a file that is sent again adds nothing.
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    vehicle BLOB NOT NULL CHECK (length(vehicle) = 8),
    car TEXT NOT NULL,
    price_fen BIGINT NOT NULL CHECK (price_fen > 0),
    sold_on TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (seq)
) WITHOUT ROWID;

CREATE UNIQUE INDEX pricing_sale_by_digest ON pricing_sale (digest);

-- Estimates as they were given, with all that they depend on. Rows are only ever added.
CREATE TABLE pricing_estimate (
    id TEXT NOT NULL,
    rule_set BLOB NOT NULL,
    -- Who may look at it; NULL for everybody who knows its number.
    organization TEXT,
    vin TEXT,
    listing TEXT,
    valued_on TEXT NOT NULL,
    car TEXT NOT NULL,
    evidence TEXT NOT NULL,
    answer TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (rule_set) REFERENCES pricing_rule_set (hash)
) WITHOUT ROWID;

-- What the platform's own sales brought, beside what had been estimated before. Rows are only ever added.
CREATE TABLE pricing_outcome (
    listing TEXT NOT NULL,
    sold_on TEXT NOT NULL,
    confidence TEXT NOT NULL CHECK (confidence IN ('A', 'B', 'C', 'D')),
    -- NULL where the car could not be priced.
    estimate_fen BIGINT,
    low_fen BIGINT,
    high_fen BIGINT,
    actual_fen BIGINT NOT NULL CHECK (actual_fen > 0),
    PRIMARY KEY (listing)
) WITHOUT ROWID;

CREATE UNIQUE INDEX pricing_outcome_by_day ON pricing_outcome (sold_on, listing);

-- After how many days a dealer wants to hear of a car that is still there.
CREATE TABLE stock_alert_days (
    organization TEXT NOT NULL,
    slow_from_days BIGINT NOT NULL CHECK (slow_from_days > 0),
    overdue_from_days BIGINT NOT NULL CHECK (overdue_from_days > slow_from_days),
    version BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (organization),
    FOREIGN KEY (organization) REFERENCES organization (id)
) WITHOUT ROWID;

-- What the car was estimated at when it was offered last.
ALTER TABLE listing ADD COLUMN appraisal TEXT;
