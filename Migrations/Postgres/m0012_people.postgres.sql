-- People: staff of organisations, and buyers, who belong to none. What names them is with their subject, encrypted.
CREATE TABLE person (
    id TEXT COLLATE "C" NOT NULL,
    -- NULL for a buyer.
    organization TEXT COLLATE "C",
    subject TEXT COLLATE "C" NOT NULL,
    -- Keyed hash of what they sign in with; two people cannot have the same.
    login BYTEA NOT NULL CHECK (octet_length(login) = 32),
    role TEXT COLLATE "C" NOT NULL,
    scopes TEXT COLLATE "C" NOT NULL,
    -- NULL for a buyer, who signs in by a code or link.
    password TEXT COLLATE "C",
    totp BYTEA,
    -- The step of the last code that was taken: none up to it is taken again.
    totp_step BIGINT,
    suspended_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (organization) REFERENCES organization (id),
    CHECK ((organization IS NULL) = (role = 'buyer')),
    CHECK ((password IS NULL) = (role = 'buyer')),
    CHECK ((totp IS NULL) = (role = 'buyer'))
);

CREATE UNIQUE INDEX person_by_login ON person (login);

CREATE UNIQUE INDEX person_by_subject ON person (subject);

CREATE UNIQUE INDEX person_by_organization ON person (organization, id);

-- What is left of each person's set. A code that was used is gone.
CREATE TABLE recovery_code (
    person TEXT COLLATE "C" NOT NULL,
    code BYTEA NOT NULL CHECK (octet_length(code) = 32),
    PRIMARY KEY (person, code)
);

-- What somebody has been found able to do, and until when. Rows are only ever added and revoked.
CREATE TABLE certificate (
    id TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    level TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    issued_on TEXT COLLATE "C" NOT NULL,
    expires_on TEXT COLLATE "C" NOT NULL,
    granted_by TEXT COLLATE "C" NOT NULL,
    granted_at BIGINT NOT NULL,
    revoked_by TEXT COLLATE "C",
    revoked_at BIGINT,
    PRIMARY KEY (id),
    FOREIGN KEY (person) REFERENCES person (id),
    CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
);

CREATE UNIQUE INDEX certificate_by_person ON certificate (person, id);

-- Asked to join. The code of the link is here as its keyed hash alone.
CREATE TABLE invitation (
    id TEXT COLLATE "C" NOT NULL,
    organization TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    login BYTEA NOT NULL CHECK (octet_length(login) = 32),
    role TEXT COLLATE "C" NOT NULL,
    scopes TEXT COLLATE "C" NOT NULL,
    code BYTEA NOT NULL CHECK (octet_length(code) = 32),
    totp BYTEA NOT NULL,
    -- Somebody who is there already and gets a new second factor.
    person TEXT COLLATE "C",
    invited_by TEXT COLLATE "C" NOT NULL,
    invited_at BIGINT NOT NULL,
    -- Of a role that takes two people; NULL until the second has said yes.
    approved_by TEXT COLLATE "C",
    approved_at BIGINT,
    expires_at BIGINT NOT NULL,
    closed_at BIGINT,
    closed_because TEXT COLLATE "C" CHECK (closed_because IN ('accepted', 'cancelled')),
    PRIMARY KEY (id),
    FOREIGN KEY (organization) REFERENCES organization (id),
    CHECK ((closed_at IS NULL) = (closed_because IS NULL)),
    CHECK ((approved_at IS NULL) = (approved_by IS NULL))
);

CREATE UNIQUE INDEX invitation_by_code ON invitation (code);

CREATE UNIQUE INDEX invitation_by_organization ON invitation (organization, id);

CREATE TABLE session (
    id TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    code BYTEA NOT NULL CHECK (octet_length(code) = 32),
    -- The token before this one, taken for a moment still: requests were under way with it.
    replaced_code BYTEA CHECK (octet_length(replaced_code) = 32),
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    token_issued_at BIGINT NOT NULL,
    -- When the second factor was last shown.
    proved_at BIGINT,
    -- What the person recognises it by: the kind of client, never its address.
    device TEXT COLLATE "C",
    ended_at BIGINT,
    ended_because TEXT COLLATE "C",
    PRIMARY KEY (id),
    FOREIGN KEY (person) REFERENCES person (id),
    CHECK ((ended_at IS NULL) = (ended_because IS NULL))
);

CREATE UNIQUE INDEX session_by_code ON session (code);

CREATE UNIQUE INDEX session_by_replaced_code ON session (replaced_code) WHERE replaced_code IS NOT NULL;

CREATE UNIQUE INDEX session_by_person ON session (person, id);

CREATE INDEX session_by_use ON session (last_used_at);

-- Failed attempts of an account, an address or a second factor, by a keyed hash, until they are forgotten.
CREATE TABLE sign_in_failure (
    key BYTEA NOT NULL CHECK (octet_length(key) = 32),
    count BIGINT NOT NULL CHECK (count > 0),
    last_at BIGINT NOT NULL,
    forgotten_at BIGINT NOT NULL,
    PRIMARY KEY (key)
);

CREATE INDEX sign_in_failure_by_time ON sign_in_failure (forgotten_at);

-- Codes and links that were sent: to sign in as a buyer, to choose a new password. One a login and use.
CREATE TABLE sign_in_code (
    login BYTEA NOT NULL CHECK (octet_length(login) = 32),
    purpose TEXT COLLATE "C" NOT NULL CHECK (purpose IN ('code', 'link', 'password')),
    code BYTEA NOT NULL CHECK (octet_length(code) = 32),
    -- A stranger's is forgotten with the code, where it is not used.
    subject TEXT COLLATE "C" NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries_left BIGINT NOT NULL CHECK (tries_left >= 0),
    PRIMARY KEY (login, purpose)
);

CREATE UNIQUE INDEX sign_in_code_by_code ON sign_in_code (code);

CREATE INDEX sign_in_code_by_time ON sign_in_code (expires_at);
