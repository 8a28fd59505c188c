package import Core
package import Cryptography
package import Ledger
package import Storage

/// The stored log: every entry of every car, in one tree that everybody sees alike.
///
/// It knows hashes, not cars: what a car goes by here is computed from a name, by a key that the platform alone has.
package struct TransparencyLog: Sendable {
    package let keys: LogKeys
    package let database: any Database
    /// Whether an entry has its place, and a checkpoint that covers it, in the very commit that stores it. Elsewhere
    /// many write at once, and `LogSequencer` gives out the places.
    package let placesAtOnce: Bool
    /// Whose signatures a checkpoint is shown with; `nil` where nobody is asked.
    package let policy: LogPolicy?
    let tree: TreeKeeper

    /// What a transaction touches that gives an entry its place.
    static let topic = "log"

    package init(keys: LogKeys, database: any Database, policy: LogPolicy? = nil) {
        let tree = TreeKeeper(keys)
        self.policy = policy
        self.keys = keys
        self.database = database
        self.tree = tree
        placesAtOnce = database.endBatches(touching: TransparencyLog.topic) { _ = try tree.extend($0) }
    }

    package var origin: String { keys.origin }

    /// Puts an entry into the log. Belongs into the transaction that stores it.
    ///
    /// - Parameter count: which entry of its car it is, counted from 1.
    /// - Returns: its place; `nil` where it is given one afterwards.
    /// - Throws: `Failure.logHalted`: what cannot be covered by a checkpoint is not taken.
    package func add(_ tx: any Transaction, _ leaf: LogLeaf, count: Int64, recordedAt: Instant) throws -> Int64? {
        guard placesAtOnce else {
            try tx.execute(later: [LogPending.insert(leaf, count: count, recordedAt: recordedAt)])
            return nil
        }
        try tree.refuseWhereHalted()
        let number = try LogStore.nextNumber(tx)
        try tx.execute(later: [LogStore.insert(PlacedLeaf(number: number, leaf: leaf, count: count))])
        tx.touch(TransparencyLog.topic)
        return number
    }

    /// The same for an entry that was stored before there was a log, and whose row is not written again.
    package func addEarlier(_ tx: any Transaction, _ leaf: LogLeaf, count: Int64, recordedAt: Instant) throws {
        guard let number = try add(tx, leaf, count: count, recordedAt: recordedAt) else { return }
        try tx.execute(later: [LogStore.insertPlace(of: leaf.entry, number)])
    }

    /// Where entries stand, by their hashes; `nil` for those that have no place yet.
    package static func places(_ tx: any Transaction, of entries: [Digest]) throws -> [Int64?] {
        try LogStore.places(tx, of: entries)
    }
}

extension TransparencyLog {
    /// The first of a car's entries that the log does not have where it says so, or not at all; `nil` where all of them
    /// stand. Those that wait for their place do, and so do those of a store that has no log yet.
    ///
    /// - Parameter entries: of the car, in their order.
    package static func firstMisplaced(_ tx: any Transaction, of name: String, _ entries: [Digest]) throws -> Int? {
        guard try LogStore.nextNumber(tx) > 0 else { return nil }
        guard let vehicle = try vehicle(tx, named: name) else { return try LogPending.isWaiting(tx) ? nil : 0 }
        let places = try places(tx, of: entries)
        return try zip(entries, places).enumerated().first { offset, found in
            guard let place = found.1 else { return try !LogPending.isWaiting(tx) }
            let leaf = try LogStore.leaves(tx, from: place, limit: 1).first
            let expected = PlacedLeaf(
                number: place,
                leaf: LogLeaf(vehicle: vehicle.key, entry: found.0),
                count: Int64(offset) + 1
            )
            return leaf != expected
        }?.offset
    }
}

extension TransparencyLog {
    /// The checkpoint that everybody is shown: the newest that witnesses have signed, and where none is, the newest.
    func published(_ tx: any Transaction) throws -> String? {
        let signed = try policy.flatMap { try Cosignatures.newest(tx, $0) }
        return try signed.map { String(decoding: $0.note.bytes, as: UTF8.self) } ?? LogStore.head(tx).note
    }
}

/// What is there at one moment, out of one transaction: checkpoint, tree and index fit together.
package struct LogView {
    package let checkpoint: SignedNote
    package let size: Int64
    package let vehicleIndex: SignedNote
    package let indexSize: Int64
    private let tx: any Transaction

    /// The checkpoint that witnesses have signed, unless the index is ahead of it.
    ///
    /// - Throws: `Failure.logNotStarted`.
    package init(_ tx: any Transaction, policy: LogPolicy? = nil) throws {
        let (head, index) = (try LogStore.head(tx), try IndexStore.head(tx))
        guard let note = head.note, let indexNote = index.note else { throw Failure(.logNotStarted) }
        if let signed = try policy.flatMap({ try Cosignatures.newest(tx, $0) }), signed.size >= index.size {
            checkpoint = signed.note
            size = signed.size
        } else {
            checkpoint = try SignedNote(parsing: Array(note.utf8))
            size = head.size
        }
        vehicleIndex = try SignedNote(parsing: Array(indexNote.utf8))
        indexSize = index.size
        self.tx = tx
    }

    package var tree: TreeReader<some TileReader> { TreeReader(size: size, tiles: StoredTiles(tx: tx)) }

    package var index: VehicleIndex<some IndexPageReader> { VehicleIndex(pages: StoredPages(tx: tx)) }
}
