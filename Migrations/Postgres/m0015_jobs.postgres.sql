-- What is to be done at some time, once. Whoever does it says so in the transaction of what it does.
CREATE TABLE job (
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    -- What it is about: of a kind there is one for each.
    key TEXT COLLATE "C" NOT NULL,
    payload TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'running', 'retrying', 'done', 'dead', 'cancelled')),
    due_at BIGINT NOT NULL,
    -- Waiting or retrying: not before. Running: as long as nobody else may take it. Over: since when.
    at BIGINT NOT NULL,
    -- Counts everybody who took it or changed it: whoever has an older number changes nothing.
    fence BIGINT NOT NULL CHECK (fence >= 0),
    attempts BIGINT NOT NULL CHECK (attempts >= 0),
    -- Why the last attempt came to nothing.
    fault TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX job_by_key ON job (kind, key);

CREATE INDEX job_by_time ON job (state, at, id);
