-- What is promised with a car. An edition of the plans is one text, found by its hash; it stays for as long as there is
-- a quote or a contract by it, which is for ever.
CREATE TABLE warranty_edition (
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    edition TEXT COLLATE "C" NOT NULL,
    effective_from TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    stored_at BIGINT NOT NULL,
    PRIMARY KEY (hash)
);

CREATE INDEX warranty_edition_from ON warranty_edition (effective_from, stored_at);

CREATE INDEX warranty_edition_named ON warranty_edition (edition);

-- What was asked; the answer comes from it and from the edition, whenever it is needed.
CREATE TABLE warranty_quote (
    id TEXT COLLATE "C" NOT NULL,
    dealer TEXT COLLATE "C" NOT NULL,
    vin TEXT COLLATE "C" NOT NULL,
    edition BYTEA NOT NULL CHECK (octet_length(edition) = 32),
    request TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (dealer) REFERENCES organization (id),
    FOREIGN KEY (edition) REFERENCES warranty_edition (hash)
);

-- A contract: what was sold, which never changes, and how it stands. Its hash is that of the Chinese text.
CREATE TABLE warranty (
    id TEXT COLLATE "C" NOT NULL,
    dealer TEXT COLLATE "C" NOT NULL,
    vin TEXT COLLATE "C" NOT NULL,
    -- The quote that it was issued from; NULL for one that goes on from another.
    quote TEXT COLLATE "C",
    edition BYTEA NOT NULL CHECK (octet_length(edition) = 32),
    terms TEXT COLLATE "C" NOT NULL,
    terms_hash BYTEA NOT NULL CHECK (octet_length(terms_hash) = 32),
    text_zh TEXT COLLATE "C" NOT NULL,
    text_en TEXT COLLATE "C" NOT NULL,
    contract_hash BYTEA NOT NULL CHECK (octet_length(contract_hash) = 32),
    -- The entry of the car's history that says so.
    entry BYTEA NOT NULL CHECK (octet_length(entry) = 32),
    holder TEXT COLLATE "C" NOT NULL,
    paid_on TEXT COLLATE "C",
    -- How it ended before its time, and what was paid back.
    ending TEXT COLLATE "C",
    transfers BIGINT NOT NULL CHECK (transfers >= 0),
    -- The contract that this one goes on from.
    continues TEXT COLLATE "C",
    version BIGINT NOT NULL CHECK (version > 0),
    -- Counts the changes of what is reserved and paid: whoever changes it was the only one since he looked.
    limit_version BIGINT NOT NULL CHECK (limit_version >= 0),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (dealer) REFERENCES organization (id),
    FOREIGN KEY (edition) REFERENCES warranty_edition (hash)
);

CREATE UNIQUE INDEX warranty_by_dealer ON warranty (dealer, id);

CREATE UNIQUE INDEX warranty_by_quote ON warranty (quote);

CREATE UNIQUE INDEX warranty_by_predecessor ON warranty (continues);

-- Everything that was done to a contract, by the version that it made. Rows are only ever added.
CREATE TABLE warranty_change (
    warranty TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    at BIGINT NOT NULL,
    organization TEXT COLLATE "C",
    credential TEXT COLLATE "C",
    kind TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (warranty, seq)
);

-- What one claim holds and has had of a promise, for one component.
CREATE TABLE warranty_limit_use (
    warranty TEXT COLLATE "C" NOT NULL,
    layer TEXT COLLATE "C" NOT NULL,
    claim TEXT COLLATE "C" NOT NULL,
    component TEXT COLLATE "C" NOT NULL,
    reserved_fen BIGINT NOT NULL CHECK (reserved_fen >= 0),
    paid_fen BIGINT NOT NULL CHECK (paid_fen >= 0),
    PRIMARY KEY (warranty, layer, claim, component)
);

-- A service that was used, each time a row: two who take the last one at once make the same row.
CREATE TABLE warranty_redemption (
    warranty TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    redeemed_at BIGINT NOT NULL,
    redeemed_by TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    odometer_km BIGINT CHECK (odometer_km >= 0),
    reversed_at BIGINT,
    reversed_by TEXT COLLATE "C",
    reason TEXT COLLATE "C",
    PRIMARY KEY (warranty, kind, number),
    CHECK ((reversed_at IS NULL) = (reversed_by IS NULL)),
    CHECK ((reversed_at IS NULL) = (reason IS NULL))
);
