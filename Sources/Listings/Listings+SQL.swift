import Core
import Cryptography
import Identity
import Storage
import Valuation

/// Who offers a car at present.
struct LiveOffer: Sendable, Hashable {
    let listing: String
    let dealer: String
}

/// Every statement about listings.
enum ListingStore {
    /// In the order in which a row is read.
    static let columns: SQL = """
        id, dealer, vin, content, status, status_since, pinned_head, pinned_entries, published_at, version, \
        created_at, pinned_grade, appraisal, pinned_leaf_index
        """

    static func find(_ tx: any Transaction, _ id: ListingID) throws -> Listing? {
        try find(tx, all: [id]).first
    }

    /// Those that there are, in this order.
    static func find(_ tx: any Transaction, all ids: [ListingID]) throws -> [Listing] {
        let found = try tx.rows(all: ids.flatMap { [byID($0.text), PhotoStore.photos(of: $0.text)] })
        return try ids.indices.compactMap { index in
            var listing = try found[2 * index].first.map(self.listing)
            listing?.photos = try PhotoStore.photos(found[2 * index + 1])
            return listing
        }
    }

    static func byID(_ id: String) -> SQL {
        """
        SELECT \(columns)
        FROM listing
        WHERE id = \(id)
        """
    }

    /// A dealer's listings, the newest first.
    static func page(_ tx: any Transaction, of dealer: String, before id: String, limit: Int) throws -> [Listing] {
        var listings = try tx.rows(
            """
            SELECT \(columns)
            FROM listing
            WHERE dealer = \(dealer) AND id < \(id)
            ORDER BY id DESC
            LIMIT \(limit)
            """
        ).map(listing)
        let photos = try tx.rows(all: listings.map { PhotoStore.photos(of: $0.id.text) })
        for (index, rows) in photos.enumerated() { listings[index].photos = try PhotoStore.photos(rows) }
        return listings
    }

    /// What a dealer has of one car, the newest first. More than a few are old sales.
    static func ofCar(_ vin: String, dealer: String) -> SQL {
        """
        SELECT id, status
        FROM listing
        WHERE dealer = \(dealer) AND vin = \(vin)
        ORDER BY id DESC
        LIMIT \(20)
        """
    }

    static func insert(_ tx: any Transaction, _ listing: Listing) throws {
        try tx.execute(
            """
            INSERT INTO listing (id, dealer, vin, content, status, status_since, version, created_at)
            VALUES (
                \(listing.id.text),
                \(listing.dealer.text),
                \(listing.vin.text),
                \(String(decoding: listing.content.request.canonicalBytes, as: UTF8.self)),
                \(listing.status.rawValue),
                \(listing.statusSince.microseconds),
                \(listing.version),
                \(listing.createdAt.microseconds)
            )
            """
        )
    }

    /// - Returns: `false` where the stored version is another one.
    static func update(_ tx: any Transaction, _ listing: Listing, replacing version: Int64) throws -> Bool {
        try tx.execute(
            """
            UPDATE listing
            SET
                content = \(String(decoding: listing.content.request.canonicalBytes, as: UTF8.self)),
                status = \(listing.status.rawValue),
                status_since = \(listing.statusSince.microseconds),
                pinned_head = \(listing.pin?.head?.bytes),
                pinned_entries = \(listing.pin?.entryCount),
                published_at = \(listing.pin?.publishedAt.microseconds),
                pinned_leaf_index = \(listing.pin?.leafIndex),
                pinned_grade = \(listing.pin?.grade),
                appraisal = \(listing.appraisal.map { String(decoding: $0.stored.bytes, as: UTF8.self) }),
                version = \(listing.version)
            WHERE id = \(listing.id.text) AND version = \(version)
            """
        ) == 1
    }

    /// - Parameter row: with the columns of `find`.
    static func listing(_ row: Row) throws -> Listing {
        var reader = try ObjectReader(try JSONParser.parse(Array(try row.text(3).utf8)))
        guard let id = ListingID(try row.text(0)), let dealer = OrganizationID(try row.text(1)),
            let vin = try? VIN(parsing: try row.text(2)), let content = ListingContent(&reader),
            let status = ListingStatus(rawValue: try row.text(4))
        else { throw StoredDataError("a listing cannot be read") }
        return Listing(
            id: id,
            dealer: dealer,
            vin: vin,
            content: content,
            status: status,
            statusSince: Instant(microseconds: try row.integer(5)),
            pin: try pin(row),
            appraisal: try row.optionalText(12).map { try Appraisal(stored: try JSONParser.parse(Array($0.utf8))) },
            version: try row.integer(9),
            createdAt: Instant(microseconds: try row.integer(10))
        )
    }

    private static func pin(_ row: Row) throws -> HistoryPin? {
        guard let publishedAt = try row.optionalInteger(8) else { return nil }
        return HistoryPin(
            head: try row.optionalBlob(6).flatMap { Digest(bytes: $0) },
            entryCount: try row.optionalInteger(7) ?? 0,
            leafIndex: try row.optionalInteger(13),
            publishedAt: Instant(microseconds: publishedAt),
            grade: try row.optionalInteger(11)
        )
    }

    // MARK: The one place of a car on the market

    static func live(_ tx: any Transaction, vin: String) throws -> LiveOffer? {
        try tx.first("SELECT listing, dealer FROM listing_live WHERE vin = \(vin)").map { row in
            LiveOffer(listing: try row.text(0), dealer: try row.text(1))
        }
    }

    /// - Throws: `UniqueViolation` where it is taken.
    static func occupy(_ tx: any Transaction, _ listing: Listing) throws {
        try tx.execute(
            """
            INSERT INTO listing_live (vin, listing, dealer)
            VALUES (\(listing.vin.text), \(listing.id.text), \(listing.dealer.text))
            """
        )
    }

    static func vacate(_ tx: any Transaction, _ listing: Listing) throws {
        try tx.execute("DELETE FROM listing_live WHERE vin = \(listing.vin.text) AND listing = \(listing.id.text)")
    }

    // MARK: Changes

    static func insert(_ tx: any Transaction, _ change: ListingChange, of id: ListingID) throws {
        try tx.execute(
            """
            INSERT INTO listing_change (listing, seq, at, organization, credential, kind, offered_fen, detail)
            VALUES (
                \(id.text),
                \(change.seq),
                \(change.at.microseconds),
                \(change.organization),
                \(change.credential),
                \(change.kind.rawValue),
                \(change.offeredFen),
                \(String(decoding: change.detail.canonicalBytes, as: UTF8.self))
            )
            """
        )
    }

    /// The newest first.
    static func changes(
        _ tx: any Transaction,
        of id: ListingID,
        before seq: Int64,
        limit: Int
    ) throws -> [ListingChange] {
        try tx.rows(
            """
            SELECT seq, at, organization, credential, kind, offered_fen, detail
            FROM listing_change
            WHERE listing = \(id.text) AND seq < \(seq)
            ORDER BY seq DESC
            LIMIT \(limit)
            """
        ).map { row in
            guard let kind = ListingChange.Kind(rawValue: try row.text(4)) else {
                throw StoredDataError("a listing was changed in a way that does not exist")
            }
            return ListingChange(
                seq: try row.integer(0),
                at: Instant(microseconds: try row.integer(1)),
                organization: try row.optionalText(2),
                credential: try row.optionalText(3),
                kind: kind,
                offeredFen: try row.optionalInteger(5),
                detail: try JSONParser.parse(Array(try row.text(6).utf8))
            )
        }
    }

    /// What it was offered for, the newest first.
    static func prices(_ tx: any Transaction, of id: ListingID, limit: Int) throws -> [(at: Instant, price: Money)] {
        try tx.rows(
            """
            SELECT at, offered_fen
            FROM listing_change
            WHERE listing = \(id.text) AND offered_fen IS NOT NULL
            ORDER BY seq DESC
            LIMIT \(limit)
            """
        ).map { (Instant(microseconds: try $0.integer(0)), Money(fen: try $0.integer(1))) }
    }
}
