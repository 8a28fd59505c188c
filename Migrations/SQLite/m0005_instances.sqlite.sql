-- A mark in every commit whose answer may get lost: whether it is there tells what became of the commit.
CREATE TABLE write_marker (
    id BLOB NOT NULL,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (id)
) WITHOUT ROWID;

CREATE INDEX write_marker_by_time ON write_marker (written_at);

-- What only one instance may do at a time. Every new holder gets a higher fence; who works under a lower one has lost
-- it.
CREATE TABLE lease (
    name TEXT NOT NULL,
    holder TEXT NOT NULL,
    fence BIGINT NOT NULL CHECK (fence > 0),
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (name)
) WITHOUT ROWID;

-- Where instances tell each other what a caller has used of a limit.
CREATE TABLE rate_use (
    policy TEXT NOT NULL,
    caller TEXT NOT NULL,
    window_start BIGINT NOT NULL,
    used BIGINT NOT NULL CHECK (used >= 0),
    PRIMARY KEY (policy, caller, window_start)
) WITHOUT ROWID;

CREATE INDEX rate_use_by_window ON rate_use (window_start);
