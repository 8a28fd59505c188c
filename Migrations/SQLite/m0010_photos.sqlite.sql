-- Photographs as they are shown, under the hash of their bytes. Listings that show the same one share it.
CREATE TABLE photo (
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    type TEXT NOT NULL CHECK (type IN ('image/jpeg', 'image/png', 'image/webp')),
    width BIGINT NOT NULL CHECK (width > 0),
    height BIGINT NOT NULL CHECK (height > 0),
    size_bytes BIGINT NOT NULL CHECK (size_bytes > 0),
    created_at BIGINT NOT NULL,
    -- Last, so that what stands before it is read without it.
    content BLOB NOT NULL,
    PRIMARY KEY (hash),
    CHECK (length(content) = size_bytes)
) WITHOUT ROWID;

CREATE TABLE listing_photo (
    listing TEXT NOT NULL,
    id TEXT NOT NULL,
    hash BLOB NOT NULL,
    -- From 1, without gaps.
    position BIGINT NOT NULL CHECK (position > 0),
    angle TEXT NOT NULL,
    turn_degrees BIGINT CHECK (turn_degrees >= 0 AND turn_degrees < 360),
    caption TEXT,
    -- Hashes of entries of the car's history, in hexadecimal, with a space between them.
    entries TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (listing, id),
    FOREIGN KEY (listing) REFERENCES listing (id),
    FOREIGN KEY (hash) REFERENCES photo (hash)
) WITHOUT ROWID;

CREATE UNIQUE INDEX listing_photo_by_hash ON listing_photo (hash, listing);
