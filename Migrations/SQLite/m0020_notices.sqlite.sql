-- What a dealer was told, and by when it has to have answered or paid. Rows are only ever added.
CREATE TABLE dealer_notice (
    dealer TEXT NOT NULL,
    -- The fact that it comes from: the same is told once.
    cause TEXT NOT NULL,
    kind TEXT NOT NULL,
    claim TEXT NOT NULL,
    advance TEXT,
    at BIGINT NOT NULL,
    told_at BIGINT NOT NULL,
    due_at BIGINT,
    amount_fen BIGINT CHECK (amount_fen >= 0),
    PRIMARY KEY (dealer, cause),
    FOREIGN KEY (dealer) REFERENCES organization (id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX dealer_notice_by_time ON dealer_notice (dealer, at, cause);

CREATE UNIQUE INDEX dealer_notice_by_claim ON dealer_notice (dealer, claim, at, cause);

-- A code by which the holder of a contract says that it is his: the dealer hands it over with the car. Its keyed hash
-- alone is kept; a new one takes the place of the one before.
CREATE TABLE holder_code (
    warranty TEXT NOT NULL,
    -- To whom it was given, in the dealer's words: it is good for nobody else the contract goes to.
    holder TEXT NOT NULL,
    code BLOB NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (warranty)
) WITHOUT ROWID;

CREATE UNIQUE INDEX holder_code_by_code ON holder_code (code);

-- Whose a contract is, since he has shown the code for it.
CREATE TABLE warranty_holding (
    warranty TEXT NOT NULL,
    -- Whom the contract named then: where it names somebody else, this counts no more.
    holder TEXT NOT NULL,
    person TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (warranty, holder)
) WITHOUT ROWID;

CREATE UNIQUE INDEX warranty_holding_by_person ON warranty_holding (person, warranty, holder);
