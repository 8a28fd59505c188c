-- Photographs as they are shown, under the hash of their bytes. Listings that show the same one share it.
CREATE TABLE photo (
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    type TEXT COLLATE "C" NOT NULL CHECK (type IN ('image/jpeg', 'image/png', 'image/webp')),
    width BIGINT NOT NULL CHECK (width > 0),
    height BIGINT NOT NULL CHECK (height > 0),
    size_bytes BIGINT NOT NULL CHECK (size_bytes > 0),
    created_at BIGINT NOT NULL,
    -- Last, so that what stands before it is read without it.
    content BYTEA NOT NULL,
    PRIMARY KEY (hash),
    CHECK (octet_length(content) = size_bytes)
);

CREATE TABLE listing_photo (
    listing TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    hash BYTEA NOT NULL,
    -- From 1, without gaps.
    position BIGINT NOT NULL CHECK (position > 0),
    angle TEXT COLLATE "C" NOT NULL,
    turn_degrees BIGINT CHECK (turn_degrees >= 0 AND turn_degrees < 360),
    caption TEXT COLLATE "C",
    -- Hashes of entries of the car's history, in hexadecimal, with a space between them.
    entries TEXT COLLATE "C" NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (listing, id),
    FOREIGN KEY (listing) REFERENCES listing (id),
    FOREIGN KEY (hash) REFERENCES photo (hash)
);

CREATE UNIQUE INDEX listing_photo_by_hash ON listing_photo (hash, listing);
