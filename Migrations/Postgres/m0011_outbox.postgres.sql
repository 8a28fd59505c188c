-- Messages to persons, until they run out. What a message says is sealed with the person's own key.
CREATE TABLE outbox_message (
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    -- Which field of the person's it goes to.
    recipient TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL CHECK (octet_length(sealed) > 0),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    delivered_at BIGINT,
    PRIMARY KEY (id),
    FOREIGN KEY (subject) REFERENCES subject (id),
    CHECK (expires_at > created_at)
);

CREATE UNIQUE INDEX outbox_message_by_subject ON outbox_message (subject, id);
CREATE UNIQUE INDEX outbox_message_by_expiry ON outbox_message (expires_at, id);
