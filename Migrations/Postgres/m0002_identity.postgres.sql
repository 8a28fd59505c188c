-- Companies and offices that call in their own name.
CREATE TABLE organization (
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    -- NULL for the platform alone, which is made before anybody can enter one.
    uscc TEXT COLLATE "C",
    signatures_required BIGINT NOT NULL CHECK (signatures_required IN (0, 1)),
    -- A fact with its time: not suspended is NULL.
    suspended_at BIGINT,
    suspension_reason TEXT COLLATE "C",
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    CHECK ((uscc IS NULL) = (kind = 'platform')),
    CHECK ((suspended_at IS NULL) = (suspension_reason IS NULL))
);

CREATE UNIQUE INDEX organization_by_uscc ON organization (kind, uscc);
CREATE UNIQUE INDEX organization_one_platform ON organization (kind) WHERE kind = 'platform';

-- The secret itself is nowhere: code is its HMAC under a pepper that is not in the store.
CREATE TABLE api_key (
    id TEXT COLLATE "C" NOT NULL,
    organization TEXT COLLATE "C" NOT NULL,
    public_id TEXT COLLATE "C" NOT NULL,
    code BYTEA NOT NULL CHECK (octet_length(code) = 32),
    name TEXT COLLATE "C" NOT NULL,
    scopes TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    last_used_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (id),
    FOREIGN KEY (organization) REFERENCES organization (id)
);

CREATE UNIQUE INDEX api_key_by_public_id ON api_key (public_id);
CREATE UNIQUE INDEX api_key_by_organization ON api_key (organization, id);

-- Ed25519 keys that sources sign their events with. A revoked one stays: what it signed before has to verify.
CREATE TABLE signing_key (
    id TEXT COLLATE "C" NOT NULL,
    organization TEXT COLLATE "C" NOT NULL,
    public_key BYTEA NOT NULL CHECK (octet_length(public_key) = 32),
    name TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (id),
    FOREIGN KEY (organization) REFERENCES organization (id)
);

CREATE UNIQUE INDEX signing_key_by_organization ON signing_key (organization, id);
CREATE UNIQUE INDEX signing_key_by_public_key ON signing_key (organization, public_key);

-- Where every chain of the audit trail stands: what the next record points at.
CREATE TABLE audit_head (
    chain TEXT COLLATE "C" NOT NULL,
    record_count BIGINT NOT NULL CHECK (record_count > 0),
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (chain)
);

-- The very texts that were hashed. Rows are only ever added.
CREATE TABLE audit_record (
    chain TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL CHECK (seq >= 0),
    at BIGINT NOT NULL,
    record TEXT COLLATE "C" NOT NULL,
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (chain, seq)
) PARTITION BY HASH (chain);

CREATE TABLE audit_record_p00 PARTITION OF audit_record FOR VALUES WITH (MODULUS 16, REMAINDER 0);
CREATE TABLE audit_record_p01 PARTITION OF audit_record FOR VALUES WITH (MODULUS 16, REMAINDER 1);
CREATE TABLE audit_record_p02 PARTITION OF audit_record FOR VALUES WITH (MODULUS 16, REMAINDER 2);
CREATE TABLE audit_record_p03 PARTITION OF audit_record FOR VALUES WITH (MODULUS 16, REMAINDER 3);
CREATE TABLE audit_record_p04 PARTITION OF audit_record FOR VALUES WITH (MODULUS 16, REMAINDER 4);
CREATE TABLE audit_record_p05 PARTITION OF audit_record FOR VALUES WITH (MODULUS 16, REMAINDER 5);
CREATE TABLE audit_record_p06 PARTITION OF audit_record FOR VALUES WITH (MODULUS 16, REMAINDER 6);
CREATE TABLE audit_record_p07 PARTITION OF audit_record FOR VALUES WITH (MODULUS 16, REMAINDER 7);
CREATE TABLE audit_record_p08 PARTITION OF audit_record FOR VALUES WITH (MODULUS 16, REMAINDER 8);
CREATE TABLE audit_record_p09 PARTITION OF audit_record FOR VALUES WITH (MODULUS 16, REMAINDER 9);
CREATE TABLE audit_record_p10 PARTITION OF audit_record FOR VALUES WITH (MODULUS 16, REMAINDER 10);
CREATE TABLE audit_record_p11 PARTITION OF audit_record FOR VALUES WITH (MODULUS 16, REMAINDER 11);
CREATE TABLE audit_record_p12 PARTITION OF audit_record FOR VALUES WITH (MODULUS 16, REMAINDER 12);
CREATE TABLE audit_record_p13 PARTITION OF audit_record FOR VALUES WITH (MODULUS 16, REMAINDER 13);
CREATE TABLE audit_record_p14 PARTITION OF audit_record FOR VALUES WITH (MODULUS 16, REMAINDER 14);
CREATE TABLE audit_record_p15 PARTITION OF audit_record FOR VALUES WITH (MODULUS 16, REMAINDER 15);

-- The owner gives up its own right to change what was written: a statement that tries is refused, and only somebody who
-- first grants it again, which the log of the database shows, can.
REVOKE UPDATE, DELETE, TRUNCATE ON
    audit_record,
    audit_record_p00, audit_record_p01, audit_record_p02, audit_record_p03,
    audit_record_p04, audit_record_p05, audit_record_p06, audit_record_p07,
    audit_record_p08, audit_record_p09, audit_record_p10, audit_record_p11,
    audit_record_p12, audit_record_p13, audit_record_p14, audit_record_p15
FROM CURRENT_USER;
