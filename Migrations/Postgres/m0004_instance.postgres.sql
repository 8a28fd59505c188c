-- What must stay the same for the life of a store: the name of its ledger, and a check of the secret it was made with.
CREATE TABLE store_fact (
    name TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (name)
);
