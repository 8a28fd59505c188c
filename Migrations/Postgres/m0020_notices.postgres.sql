-- What a dealer was told, and by when it has to have answered or paid. Rows are only ever added.
CREATE TABLE dealer_notice (
    dealer TEXT COLLATE "C" NOT NULL,
    -- The fact that it comes from: the same is told once.
    cause TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    claim TEXT COLLATE "C" NOT NULL,
    advance TEXT COLLATE "C",
    at BIGINT NOT NULL,
    told_at BIGINT NOT NULL,
    due_at BIGINT,
    amount_fen BIGINT CHECK (amount_fen >= 0),
    PRIMARY KEY (dealer, cause),
    FOREIGN KEY (dealer) REFERENCES organization (id)
);

CREATE UNIQUE INDEX dealer_notice_by_time ON dealer_notice (dealer, at, cause);

CREATE UNIQUE INDEX dealer_notice_by_claim ON dealer_notice (dealer, claim, at, cause);

-- A code by which the holder of a contract says that it is his: the dealer hands it over with the car. Its keyed hash
-- alone is kept; a new one takes the place of the one before.
CREATE TABLE holder_code (
    warranty TEXT COLLATE "C" NOT NULL,
    -- To whom it was given, in the dealer's words: it is good for nobody else the contract goes to.
    holder TEXT COLLATE "C" NOT NULL,
    code BYTEA NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (warranty)
);

CREATE UNIQUE INDEX holder_code_by_code ON holder_code (code);

-- Whose a contract is, since he has shown the code for it.
CREATE TABLE warranty_holding (
    warranty TEXT COLLATE "C" NOT NULL,
    -- Whom the contract named then: where it names somebody else, this counts no more.
    holder TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (warranty, holder)
);

CREATE UNIQUE INDEX warranty_holding_by_person ON warranty_holding (person, warranty, holder);
