-- Cars that dealers offer, or prepare to. What is said of a car is one canonical text; what statements ask for has its
-- column.
CREATE TABLE listing (
    id TEXT COLLATE "C" NOT NULL,
    dealer TEXT COLLATE "C" NOT NULL,
    vin TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('draft', 'published', 'reserved', 'sold', 'withdrawn')),
    status_since BIGINT NOT NULL,
    -- The history that the dealer stood behind when he published: NULL head for a car without one.
    pinned_head BYTEA CHECK (octet_length(pinned_head) = 32),
    pinned_entries BIGINT CHECK (pinned_entries >= 0),
    published_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (dealer) REFERENCES organization (id),
    CHECK ((published_at IS NULL) = (pinned_entries IS NULL)),
    CHECK (status IN ('draft', 'withdrawn') OR published_at IS NOT NULL)
);

CREATE UNIQUE INDEX listing_by_dealer ON listing (dealer, id);

-- A car is offered once at a time, by whoever was first.
CREATE TABLE listing_live (
    vin TEXT COLLATE "C" NOT NULL,
    listing TEXT COLLATE "C" NOT NULL,
    dealer TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (vin)
);

-- Everything that was done to a listing, by the version that it made. Rows are only ever added.
CREATE TABLE listing_change (
    listing TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    at BIGINT NOT NULL,
    organization TEXT COLLATE "C",
    credential TEXT COLLATE "C",
    kind TEXT COLLATE "C" NOT NULL,
    -- The price that was offered from here on, where that is new.
    offered_fen BIGINT CHECK (offered_fen > 0),
    detail TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (listing, seq)
);

-- Two dealers who offer one car.
CREATE TABLE listing_dispute (
    id TEXT COLLATE "C" NOT NULL,
    vin TEXT COLLATE "C" NOT NULL,
    listing TEXT COLLATE "C" NOT NULL,
    dealer TEXT COLLATE "C" NOT NULL,
    claimant_listing TEXT COLLATE "C" NOT NULL,
    claimant TEXT COLLATE "C" NOT NULL,
    opened_at BIGINT NOT NULL,
    settled_at BIGINT,
    in_favor_of TEXT COLLATE "C" CHECK (in_favor_of IN ('listing', 'claimant')),
    reason TEXT COLLATE "C",
    PRIMARY KEY (id),
    CHECK ((settled_at IS NULL) = (in_favor_of IS NULL)),
    CHECK ((settled_at IS NULL) = (reason IS NULL))
);

-- One at a time: who was in the wrong may offer the car again, and be disputed again.
CREATE UNIQUE INDEX listing_dispute_by_pair ON listing_dispute (listing, claimant_listing)
WHERE settled_at IS NULL;

-- The owner gives up its own right to change what was done, as with the audit trail.
REVOKE UPDATE, DELETE, TRUNCATE ON listing_change FROM CURRENT_USER;
