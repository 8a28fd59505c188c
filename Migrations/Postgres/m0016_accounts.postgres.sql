-- An account of the book, with what its postings come to. It is always on its own side: what would take it to the other
-- one is refused.
CREATE TABLE book_account (
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    -- Whose it is, and what it is about, where it is one of many.
    party TEXT COLLATE "C",
    matter TEXT COLLATE "C",
    balance_fen BIGINT NOT NULL CHECK (balance_fen BETWEEN 0 AND 9007199254740991),
    posting_count BIGINT NOT NULL CHECK (posting_count >= 0),
    opened_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX book_account_by_party ON book_account (party, kind, id);

CREATE UNIQUE INDEX book_account_by_matter ON book_account (matter, id);

-- How far the journals are numbered, and the digest of the last one. The row is locked before anything is posted, until
-- the commit: numbers have no gaps.
CREATE TABLE book_head (
    one INTEGER NOT NULL CHECK (one = 1),
    journal_count BIGINT NOT NULL CHECK (journal_count >= 0),
    digest BYTEA NOT NULL CHECK (octet_length(digest) = 32),
    PRIMARY KEY (one)
);

-- What happened. Rows are only ever added; what was wrong is reversed by another one.
CREATE TABLE book_journal (
    number BIGINT NOT NULL CHECK (number > 0),
    kind TEXT COLLATE "C" NOT NULL,
    -- The business event: of a kind it is posted once.
    reference TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    booked_by TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    -- The date in China.
    day TEXT COLLATE "C" NOT NULL,
    reverses BIGINT,
    -- Of everything in it and of the digest before it: none can be changed, taken out or slipped in.
    digest BYTEA NOT NULL CHECK (octet_length(digest) = 32),
    PRIMARY KEY (number)
);

CREATE UNIQUE INDEX book_journal_by_reference ON book_journal (kind, reference);

CREATE UNIQUE INDEX book_journal_by_reversed ON book_journal (reverses);

-- What a journal does to an account. Those of a journal come to zero. Rows are only ever added.
CREATE TABLE book_posting (
    journal BIGINT NOT NULL,
    line INTEGER NOT NULL CHECK (line > 0),
    account TEXT COLLATE "C" NOT NULL,
    -- A debit is positive, a credit negative.
    amount_fen BIGINT NOT NULL CHECK (amount_fen <> 0),
    -- Its number on the account, and what the account came to with it.
    seq BIGINT NOT NULL CHECK (seq > 0),
    balance_fen BIGINT NOT NULL CHECK (balance_fen >= 0),
    PRIMARY KEY (journal, line),
    FOREIGN KEY (account) REFERENCES book_account (id)
);

CREATE UNIQUE INDEX book_posting_by_account ON book_posting (account, seq);

-- What the accounts of a kind came to on a day on which something was posted to them.
CREATE TABLE book_day (
    kind TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    debit_fen BIGINT NOT NULL CHECK (debit_fen >= 0),
    credit_fen BIGINT NOT NULL CHECK (credit_fen >= 0),
    -- All debits less all credits up to the day's end.
    closing_fen BIGINT NOT NULL,
    PRIMARY KEY (kind, day)
);

-- The owner gives up its own right to change what was written. What refers to a journal is no foreign key, because
-- looking one up takes that right.
REVOKE UPDATE, DELETE, TRUNCATE ON book_journal, book_posting FROM CURRENT_USER;
