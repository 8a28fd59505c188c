-- Companies and offices that call in their own name.
CREATE TABLE organization (
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- NULL for the platform alone, which is made before anybody can enter one.
    uscc TEXT,
    signatures_required BIGINT NOT NULL CHECK (signatures_required IN (0, 1)),
    -- A fact with its time: not suspended is NULL.
    suspended_at BIGINT,
    suspension_reason TEXT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    CHECK ((uscc IS NULL) = (kind = 'platform')),
    CHECK ((suspended_at IS NULL) = (suspension_reason IS NULL))
) WITHOUT ROWID;

CREATE UNIQUE INDEX organization_by_uscc ON organization (kind, uscc);
CREATE UNIQUE INDEX organization_one_platform ON organization (kind) WHERE kind = 'platform';

-- The secret itself is nowhere: code is its HMAC under a pepper that is not in the store.
CREATE TABLE api_key (
    id TEXT NOT NULL,
    organization TEXT NOT NULL,
    public_id TEXT NOT NULL,
    code BLOB NOT NULL CHECK (length(code) = 32),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    last_used_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (id),
    FOREIGN KEY (organization) REFERENCES organization (id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX api_key_by_public_id ON api_key (public_id);
CREATE UNIQUE INDEX api_key_by_organization ON api_key (organization, id);

-- Ed25519 keys that sources sign their events with. A revoked one stays: what it signed before has to verify.
CREATE TABLE signing_key (
    id TEXT NOT NULL,
    organization TEXT NOT NULL,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (id),
    FOREIGN KEY (organization) REFERENCES organization (id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX signing_key_by_organization ON signing_key (organization, id);
CREATE UNIQUE INDEX signing_key_by_public_key ON signing_key (organization, public_key);

-- Where every chain of the audit trail stands: what the next record points at.
CREATE TABLE audit_head (
    chain TEXT NOT NULL,
    record_count BIGINT NOT NULL CHECK (record_count > 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (chain)
) WITHOUT ROWID;

-- The very texts that were hashed. Rows are only ever added.
CREATE TABLE audit_record (
    chain TEXT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq >= 0),
    at BIGINT NOT NULL,
    record TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (chain, seq)
) WITHOUT ROWID;
