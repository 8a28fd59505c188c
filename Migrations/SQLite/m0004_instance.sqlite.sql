-- What must stay the same for the life of a store: the name of its ledger, and a check of the secret it was made with.
CREATE TABLE store_fact (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
) WITHOUT ROWID;
