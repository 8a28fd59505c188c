-- A claim as its facts make it, so that it is found: nothing here is the truth, the facts are. Whoever changes it says
-- which version he saw, which is the number of its last fact.
CREATE TABLE claim (
    id TEXT COLLATE "C" NOT NULL,
    vin TEXT COLLATE "C" NOT NULL,
    -- The contract that it is made under; NULL where the buyer relies on the law alone.
    warranty TEXT COLLATE "C",
    buyer TEXT COLLATE "C" NOT NULL,
    dealer TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    handler TEXT COLLATE "C",
    -- Whose level it has come to, by its amount or by its clocks.
    level TEXT COLLATE "C" NOT NULL,
    -- When the first clock that runs is due: 0 where no calendar can say, the largest number where none runs.
    due_at BIGINT NOT NULL,
    -- How many clocks were not met in time.
    breaches BIGINT NOT NULL CHECK (breaches >= 0),
    -- The contract's promise that pays, and the part by which its limits count.
    cover_layer TEXT COLLATE "C",
    cover_component TEXT COLLATE "C",
    version BIGINT NOT NULL CHECK (version > 0),
    filed_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (dealer) REFERENCES organization (id),
    CHECK ((cover_layer IS NULL) = (cover_component IS NULL))
);

CREATE INDEX claim_by_time ON claim (due_at, id);

CREATE INDEX claim_by_state ON claim (state, due_at, id);

CREATE INDEX claim_by_handler ON claim (handler, due_at, id);

CREATE UNIQUE INDEX claim_by_dealer ON claim (dealer, due_at, id);

CREATE UNIQUE INDEX claim_by_buyer ON claim (buyer, due_at, id);

CREATE UNIQUE INDEX claim_by_car ON claim (vin, id);

-- What happened to a claim. Rows are only ever added.
CREATE TABLE claim_fact (
    claim TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    -- When it counts from, and when it was written: what fell due while nobody was there is written later.
    at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (claim, number)
);

CREATE INDEX claim_fact_by_kind ON claim_fact (kind, at, claim, number);

CREATE INDEX claim_fact_by_person ON claim_fact (person, at, claim, number);

-- The lines of each offer, from what was asked to what is paid. Rows are only ever added.
CREATE TABLE claim_line (
    claim TEXT COLLATE "C" NOT NULL,
    -- The fact that offered it.
    offer BIGINT NOT NULL CHECK (offer > 0),
    line TEXT COLLATE "C" NOT NULL,
    asked_fen BIGINT NOT NULL CHECK (asked_fen >= 0),
    approved_fen BIGINT NOT NULL CHECK (approved_fen >= 0),
    reasons TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (claim, offer, line)
);

-- Whose fault a loss is, in parts of ten thousand. Rows are only ever added.
CREATE TABLE claim_ruling (
    claim TEXT COLLATE "C" NOT NULL,
    -- The fact that ruled it.
    number BIGINT NOT NULL CHECK (number > 0),
    party TEXT COLLATE "C" NOT NULL,
    rate_bp BIGINT NOT NULL CHECK (rate_bp BETWEEN 1 AND 10000),
    basis TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (claim, number, party)
);

-- What the sixteen checks came to, each time they were made. Rows are only ever added.
CREATE TABLE claim_assessment (
    claim TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    at BIGINT NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (claim, seq)
);

-- What somebody has decided on a day in China: no day's limit is passed by deciding twice at once.
CREATE TABLE claim_decided_day (
    person TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    decided_fen BIGINT NOT NULL CHECK (decided_fen >= 0),
    PRIMARY KEY (person, day)
);

-- What the platform paid in a dealer's place, as its facts make it.
CREATE TABLE claim_advance (
    id TEXT COLLATE "C" NOT NULL,
    claim TEXT COLLATE "C" NOT NULL,
    -- The claim and the head of the loss: each is advanced once. NULL where it was cancelled before it was paid.
    loss TEXT COLLATE "C",
    head TEXT COLLATE "C" NOT NULL,
    dealer TEXT COLLATE "C" NOT NULL,
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    outstanding_fen BIGINT NOT NULL CHECK (outstanding_fen >= 0),
    stage TEXT COLLATE "C" NOT NULL,
    is_suspended INTEGER NOT NULL CHECK (is_suspended IN (0, 1)),
    paid_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    requested_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX claim_advance_by_loss ON claim_advance (loss);

CREATE UNIQUE INDEX claim_advance_by_claim ON claim_advance (claim, id);

CREATE UNIQUE INDEX claim_advance_by_stage ON claim_advance (stage, id);

CREATE UNIQUE INDEX claim_advance_by_dealer ON claim_advance (dealer, stage, id);

-- Rows are only ever added.
CREATE TABLE claim_advance_fact (
    advance TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (advance, number)
);

-- Somebody is not content.
CREATE TABLE complaint (
    id TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C" NOT NULL,
    vin TEXT COLLATE "C",
    dealer TEXT COLLATE "C",
    component TEXT COLLATE "C",
    category TEXT COLLATE "C" NOT NULL,
    severity TEXT COLLATE "C" NOT NULL,
    -- The first one of the same cause; its own number where it stands alone.
    root TEXT COLLATE "C" NOT NULL,
    handler TEXT COLLATE "C",
    -- Whose level it has come to, by its severity or by its clocks.
    level TEXT COLLATE "C" NOT NULL,
    -- When the first clock that runs is due: 0 where no calendar can say, the largest number where none runs.
    due_at BIGINT NOT NULL,
    -- How many clocks were not met in time.
    breaches BIGINT NOT NULL CHECK (breaches >= 0),
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    content TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    filed_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX complaint_by_time ON complaint (filed_at, id);

CREATE UNIQUE INDEX complaint_by_due ON complaint (due_at, id);

CREATE INDEX complaint_by_handler ON complaint (handler, is_open, due_at, id);

CREATE UNIQUE INDEX complaint_by_customer ON complaint (customer, due_at, id);

CREATE UNIQUE INDEX complaint_by_root ON complaint (root, due_at, id);

CREATE INDEX complaint_by_dealer ON complaint (dealer, due_at, id);

-- Rows are only ever added.
CREATE TABLE complaint_fact (
    complaint TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (complaint, number)
);

-- By which editions of the rules claims were handled, from when on: an edition never changes once it is used.
CREATE TABLE claim_edition (
    kind TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    used_since BIGINT NOT NULL,
    PRIMARY KEY (kind, version)
);

-- Who works on claims. The level is the certificate's, and stands there.
CREATE TABLE claim_handler (
    person TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    skills TEXT COLLATE "C" NOT NULL,
    capacity BIGINT NOT NULL CHECK (capacity >= 0),
    last_assigned_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (person)
);

-- Days off, both ends included.
CREATE TABLE claim_vacation (
    person TEXT COLLATE "C" NOT NULL,
    first_day TEXT COLLATE "C" NOT NULL,
    last_day TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (person, first_day)
);

-- Why a dealer may offer nothing: each cause a row, gone when it is.
CREATE TABLE dealer_suspension (
    dealer TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (dealer, cause),
    FOREIGN KEY (dealer) REFERENCES organization (id)
);

-- What was on offer when a dealer was suspended, and is to be offered again.
CREATE TABLE suspended_listing (
    dealer TEXT COLLATE "C" NOT NULL,
    listing TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (dealer, listing),
    FOREIGN KEY (listing) REFERENCES listing (id)
);

-- A dealer that is suspended is taken off the market.
CREATE INDEX listing_live_by_dealer ON listing_live (dealer, listing);
