-- Persons whose data is held: for each the key that it is sealed with, wrapped by one that is not in the store. Erasing
-- a person destroys the key; the row stays, so that what refers to it still refers to something.
CREATE TABLE subject (
    id TEXT COLLATE "C" NOT NULL,
    -- By which wrapping key the person's own is wrapped, so that a rotation finds what is left to wrap anew.
    wrapping_key_id TEXT COLLATE "C",
    wrapped_key BYTEA,
    -- How many rows the log of reads has: taking the next number also locks the person.
    read_count BIGINT NOT NULL CHECK (read_count >= 0),
    created_at BIGINT NOT NULL,
    erased_at BIGINT,
    PRIMARY KEY (id),
    CHECK ((wrapped_key IS NULL) = (erased_at IS NOT NULL)),
    CHECK ((wrapped_key IS NULL) = (wrapping_key_id IS NULL))
);

CREATE UNIQUE INDEX subject_by_wrapping_key ON subject (wrapping_key_id, id);

-- What names a person, a row a field.
CREATE TABLE subject_value (
    subject TEXT COLLATE "C" NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL CHECK (octet_length(sealed) > 0),
    -- A keyed hash of the value, cut short, so that it is found without its being told; NULL where nobody searches.
    blind BIGINT CHECK (blind >= 0),
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (subject, field),
    FOREIGN KEY (subject) REFERENCES subject (id)
);

CREATE UNIQUE INDEX subject_value_by_blind ON subject_value (field, blind, subject)
WHERE blind IS NOT NULL;

-- Who saw which fields of a person, and what for. Rows are only ever added.
CREATE TABLE subject_read (
    subject TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    at BIGINT NOT NULL,
    -- Their names, apart by a space.
    fields TEXT COLLATE "C" NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    organization TEXT COLLATE "C",
    credential TEXT COLLATE "C",
    request_id TEXT COLLATE "C",
    PRIMARY KEY (subject, seq),
    FOREIGN KEY (subject) REFERENCES subject (id)
);

-- Why a person's data must be kept for now, whatever the person asks for.
CREATE TABLE subject_hold (
    id TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    legal_basis TEXT COLLATE "C" NOT NULL,
    placed_at BIGINT NOT NULL,
    placed_by TEXT COLLATE "C",
    released_at BIGINT,
    released_by TEXT COLLATE "C",
    release_reason TEXT COLLATE "C",
    PRIMARY KEY (id),
    FOREIGN KEY (subject) REFERENCES subject (id),
    CHECK ((released_at IS NULL) = (release_reason IS NULL))
);

CREATE UNIQUE INDEX subject_hold_by_subject ON subject_hold (subject, id);

-- The owner gives up its own right to change what was seen, as with the audit trail.
REVOKE UPDATE, DELETE, TRUNCATE ON subject_read FROM CURRENT_USER;
