import Core
import Cryptography
import Ledger
import Storage

/// What was signed last: how large the tree is, and its root.
struct LogHead: Sendable, Hashable {
    let size: Int64
    let root: Digest
    /// `nil` before anything was signed.
    let note: String?
    /// When a checkpoint was put aside last.
    let keptAt: Instant

    static let nothing = LogHead(
        size: 0,
        root: MerkleHash.emptyRoot,
        note: nil,
        keptAt: Instant(milliseconds: 0)
    )
}

/// A leaf where it stands.
struct PlacedLeaf: Sendable, Hashable {
    let number: Int64
    let leaf: LogLeaf
    /// Which entry of its car it is, counted from 1.
    let count: Int64

    var vehicleHead: VehicleHead { VehicleHead(vehicle: leaf.vehicle, count: count, head: leaf.entry) }
}

/// Every statement about leaves, the tree and its checkpoints.
enum LogStore {
    // MARK: Leaves

    static func nextNumber(_ tx: any Transaction) throws -> Int64 {
        let last = try tx.first("SELECT number FROM log_leaf WHERE number >= 0 ORDER BY number DESC LIMIT 1")
        return try last.map { try $0.integer(0) + 1 } ?? 0
    }

    static func insert(_ leaf: PlacedLeaf) -> SQL {
        """
        INSERT INTO log_leaf (number, leaf, vehicle_count)
        VALUES (\(leaf.number), \(leaf.leaf.bytes), \(leaf.count))
        """
    }

    static func leaves(_ tx: any Transaction, from number: Int64, limit: Int) throws -> [PlacedLeaf] {
        let rows = try tx.rows(
            """
            SELECT number, leaf, vehicle_count
            FROM log_leaf
            WHERE number >= \(number)
            ORDER BY number
            LIMIT \(limit)
            """
        )
        return try rows.map { row in
            guard let leaf = LogLeaf(bytes: try row.blob(1)) else { throw StoredDataError(1, "a leaf of 64 bytes") }
            return PlacedLeaf(number: try row.integer(0), leaf: leaf, count: try row.integer(2))
        }
    }

    /// Where entries stand, by their hashes, in that order; `nil` for those that have no place.
    static func places(_ tx: any Transaction, of entries: [Digest]) throws -> [Int64?] {
        let found = try tx.rows(all: entries.map { place(of: $0) })
        return try found.map { rows in
            guard let row = rows.first else { return nil }
            return try row.optionalInteger(0) ?? row.optionalInteger(1)
        }
    }

    static func insertPlace(of entry: Digest, _ number: Int64) -> SQL {
        "INSERT INTO log_place (hash, number) VALUES (\(entry.bytes), \(number))"
    }

    /// One row where there is such an entry, whether or not it has a place.
    static func place(of entry: Digest) -> SQL {
        """
        SELECT entry_hash.leaf_index, log_place.number
        FROM entry_hash
        LEFT JOIN log_place ON log_place.hash = entry_hash.hash
        WHERE entry_hash.hash = \(entry.bytes)
        """
    }

    // MARK: The tree

    static func tile(_ tx: any Transaction, _ place: TilePlace) throws -> [UInt8]? {
        try tx.first(
            """
            SELECT hashes
            FROM log_tile
            WHERE level = \(place.level) AND number = \(place.index)
            """
        )?.blob(0)
    }

    static func write(_ tx: any Transaction, _ tiles: [TileData]) throws {
        try tx.execute(
            later: tiles.map { data in
                """
                INSERT INTO log_tile (level, number, hashes)
                VALUES (\(data.tile.level), \(data.tile.index), \(data.bytes))
                ON CONFLICT (level, number) DO UPDATE
                SET hashes = excluded.hashes
                """
            }
        )
    }

    // MARK: Checkpoints

    static func head(_ tx: any Transaction) throws -> LogHead {
        let row = try tx.first("SELECT size, root, note, kept_at FROM log_head WHERE one = 1")
        guard let row else { return .nothing }
        return LogHead(
            size: try row.integer(0),
            root: try digest(row, 1),
            note: try row.text(2),
            keptAt: Instant(microseconds: try row.integer(3))
        )
    }

    /// Moves the head on, from exactly where whoever signed saw it.
    /// - Throws: `LogMoved`, or `UniqueViolation` before the first one, where somebody else has moved it meanwhile.
    static func advance(_ tx: any Transaction, from old: LogHead, to new: LogHead) throws {
        guard old.note != nil else {
            try tx.execute(
                """
                INSERT INTO log_head (one, size, root, note, signed_at, kept_at)
                VALUES (
                    1, \(new.size), \(new.root.bytes), \(new.note), \(tx.now.microseconds), \(new.keptAt.microseconds)
                )
                """
            )
            return
        }
        let moved = try tx.execute(
            """
            UPDATE log_head
            SET size = \(new.size),
                root = \(new.root.bytes),
                note = \(new.note),
                signed_at = \(tx.now.microseconds),
                kept_at = \(new.keptAt.microseconds)
            WHERE one = 1 AND size = \(old.size) AND root = \(old.root.bytes)
            """
        )
        guard moved == 1 else { throw LogMoved() }
    }

    /// Puts a checkpoint aside for those who ask about former times.
    static func keep(_ tx: any Transaction, _ head: LogHead) throws {
        try tx.execute(
            """
            INSERT INTO log_checkpoint (size, root, note, signed_at)
            VALUES (\(head.size), \(head.root.bytes), \(head.note), \(tx.now.microseconds))
            ON CONFLICT (size) DO NOTHING
            """
        )
    }

    static func digest(_ row: Row, _ column: Int) throws -> Digest {
        guard let digest = Digest(bytes: try row.blob(column)) else {
            throw StoredDataError(column, "a hash of 32 bytes")
        }
        return digest
    }
}

/// The head is not where it was when the tree was read.
struct LogMoved: Error {}

/// The tiles of the stored tree.
struct StoredTiles: TileReader {
    let tx: any Transaction

    func bytes(of tile: Tile) throws -> [UInt8]? {
        try LogStore.tile(tx, tile.place)
    }
}
