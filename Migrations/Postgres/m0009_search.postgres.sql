-- The order in which what is on offer changed. A number is drawn by counting up its strand's row, which nobody else can
-- do until the commit: so whoever has seen a number has seen all before it.
CREATE TABLE listing_feed_head (
    strand INTEGER NOT NULL CHECK (strand >= 0),
    seq BIGINT NOT NULL CHECK (seq > 0),
    PRIMARY KEY (strand)
);

-- Each listing where it changed last.
CREATE TABLE listing_feed (
    listing TEXT COLLATE "C" NOT NULL,
    strand INTEGER NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    PRIMARY KEY (listing)
);

CREATE UNIQUE INDEX listing_feed_by_seq ON listing_feed (strand, seq);

-- The grade of the platform's inspection as it stood when the car was offered; NULL where there was none.
ALTER TABLE listing ADD COLUMN pinned_grade INTEGER CHECK (pinned_grade BETWEEN 1 AND 5);
