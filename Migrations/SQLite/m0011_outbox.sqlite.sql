-- Messages to persons, until they run out. What a message says is sealed with the person's own key.
CREATE TABLE outbox_message (
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- Which field of the person's it goes to.
    recipient TEXT NOT NULL,
    language TEXT NOT NULL,
    sealed BLOB NOT NULL CHECK (length(sealed) > 0),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    delivered_at BIGINT,
    PRIMARY KEY (id),
    FOREIGN KEY (subject) REFERENCES subject (id),
    CHECK (expires_at > created_at)
) WITHOUT ROWID;

CREATE UNIQUE INDEX outbox_message_by_subject ON outbox_message (subject, id);
CREATE UNIQUE INDEX outbox_message_by_expiry ON outbox_message (expires_at, id);
