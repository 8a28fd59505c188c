import Core
import Cryptography
import Imaging
import Storage

/// Every statement about photographs.
enum PhotoStore {
    // MARK: Images

    /// Holds on to the image until the transaction ends: whoever removes its last use at the same moment comes before
    /// or after.
    ///
    /// - Throws: `UniqueViolation` where it was removed meanwhile, so that it is tried again.
    static func keep(_ tx: any Transaction, _ clean: CleanImage, as image: StoredImage) throws {
        try tx.execute(
            """
            INSERT INTO photo (hash, type, width, height, size_bytes, created_at, content)
            VALUES (
                \(image.hash.bytes),
                \(image.type.rawValue),
                \(image.size.width),
                \(image.size.height),
                \(image.byteCount),
                \(tx.now.microseconds),
                \(clean.bytes)
            )
            ON CONFLICT (hash) DO NOTHING
            """
        )
        guard try hold(tx, image.hash) else { throw UniqueViolation() }
    }

    /// Removes the image itself where no listing shows it any more: what was a mistake to show is gone.
    static func forgetUnused(_ tx: any Transaction, _ hash: Digest) throws {
        // First, so that the next statement sees whatever was committed while this one waited.
        _ = try hold(tx, hash)
        let use = try tx.first("SELECT listing FROM listing_photo WHERE hash = \(hash.bytes) LIMIT 1")
        if use == nil { try tx.execute("DELETE FROM photo WHERE hash = \(hash.bytes)") }
    }

    private static func hold(_ tx: any Transaction, _ hash: Digest) throws -> Bool {
        let photo: SQL = "SELECT hash FROM photo WHERE hash = \(hash.bytes)"
        return try !tx.rows(photo.lockingRows).isEmpty
    }

    static func content(_ tx: any Transaction, _ hash: Digest) throws -> (type: ImageType, bytes: [UInt8])? {
        try tx.first("SELECT type, content FROM photo WHERE hash = \(hash.bytes)").map { row in
            guard let type = ImageType(rawValue: try row.text(0)) else {
                throw StoredDataError("a photo is of a type that does not exist")
            }
            return (type, try row.blob(1))
        }
    }

    /// Whether a listing shows it that everybody may see.
    static func isPublic(_ tx: any Transaction, _ hash: Digest) throws -> Bool {
        try tx.first(
            """
            SELECT listing.status
            FROM listing_photo
            JOIN listing ON listing.id = listing_photo.listing
            WHERE listing_photo.hash = \(hash.bytes) AND listing.status IN ('published', 'reserved', 'sold')
            LIMIT 1
            """
        ) != nil
    }

    /// Whose listings show it.
    static func dealers(_ tx: any Transaction, _ hash: Digest) throws -> Set<String> {
        let rows = try tx.rows(
            """
            SELECT listing.dealer
            FROM listing_photo
            JOIN listing ON listing.id = listing_photo.listing
            WHERE listing_photo.hash = \(hash.bytes)
            """
        )
        return Set(try rows.map { try $0.text(0) })
    }

    // MARK: Photographs of listings

    static func photos(of listing: String) -> SQL {
        """
        SELECT
            listing_photo.listing,
            listing_photo.id,
            listing_photo.hash,
            listing_photo.position,
            listing_photo.angle,
            listing_photo.turn_degrees,
            listing_photo.caption,
            listing_photo.entries,
            listing_photo.added_at,
            photo.type,
            photo.width,
            photo.height,
            photo.size_bytes
        FROM listing_photo
        JOIN photo ON photo.hash = listing_photo.hash
        WHERE listing_photo.listing = \(listing)
        """
    }

    /// In the order of their positions.
    static func photos(_ rows: [Row]) throws -> [ListingPhoto] {
        try rows.map { (position: try $0.integer(3), photo: try photo($0)) }
            .sorted { $0.position < $1.position }
            .map(\.photo)
    }

    private static func photo(_ row: Row) throws -> ListingPhoto {
        guard let id = PhotoID(try row.text(1)), let hash = Digest(bytes: try row.blob(2)),
            let angle = PhotoAngle(rawValue: try row.text(4)), let type = ImageType(rawValue: try row.text(9))
        else { throw StoredDataError("a photo of a listing cannot be read") }
        return ListingPhoto(
            id: id,
            image: StoredImage(
                hash: hash,
                type: type,
                size: PixelSize(width: Int(try row.integer(10)), height: Int(try row.integer(11))),
                byteCount: try row.integer(12)
            ),
            details: PhotoDetails(
                angle: angle,
                turnDegrees: try row.optionalInteger(5),
                caption: try row.optionalText(6),
                entries: try row.text(7).split(separator: " ").compactMap { Digest(hex: String($0)) }
            ),
            addedAt: Instant(microseconds: try row.integer(8))
        )
    }

    /// Writes what differs.
    static func save(_ tx: any Transaction, from old: Listing, to new: Listing) throws {
        let kept = Set(new.photos.map(\.id))
        var statements = old.photos.filter { !kept.contains($0.id) }.map { removal(of: $0, from: new.id) }
        for (index, photo) in new.photos.enumerated() {
            let before = old.photos.firstIndex { $0.id == photo.id }
            if before == nil { statements.append(insertion(of: photo, into: new.id, position: index + 1)) }
            if let before, before != index || old.photos[before] != photo {
                statements.append(change(of: photo, in: new.id, position: index + 1))
            }
        }
        try tx.execute(all: statements)
    }

    private static func removal(of photo: ListingPhoto, from listing: ListingID) -> SQL {
        "DELETE FROM listing_photo WHERE listing = \(listing.text) AND id = \(photo.id.text)"
    }

    private static func insertion(of photo: ListingPhoto, into listing: ListingID, position: Int) -> SQL {
        """
        INSERT INTO listing_photo (listing, id, hash, position, angle, turn_degrees, caption, entries, added_at)
        VALUES (
            \(listing.text),
            \(photo.id.text),
            \(photo.image.hash.bytes),
            \(position),
            \(photo.details.angle.rawValue),
            \(photo.details.turnDegrees),
            \(photo.details.caption),
            \(photo.details.stored),
            \(photo.addedAt.microseconds)
        )
        """
    }

    private static func change(of photo: ListingPhoto, in listing: ListingID, position: Int) -> SQL {
        """
        UPDATE listing_photo
        SET
            position = \(position),
            angle = \(photo.details.angle.rawValue),
            turn_degrees = \(photo.details.turnDegrees),
            caption = \(photo.details.caption),
            entries = \(photo.details.stored)
        WHERE listing = \(listing.text) AND id = \(photo.id.text)
        """
    }
}

extension PhotoDetails {
    /// Its entries, as a column holds them.
    fileprivate var stored: String { entries.map(\.hex).joined(separator: " ") }
}
