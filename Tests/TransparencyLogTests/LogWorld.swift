import Core
import Cryptography
import Ledger
import Storage
import Support

@testable import TransparencyLog

/// A log on a store of its own, and cars without names.
struct LogWorld {
    static let origin = "test.example/log"

    let store: TestStore
    let log: TransparencyLog

    /// - Parameter isSequenced: as on an engine on which many write at once.
    static func open(_ engine: Engine = .sqlite, isSequenced: Bool = false) async throws -> LogWorld {
        let store = try await TestStore.open(engine)
        return LogWorld(store: store, log: try log(on: store, isSequenced: isSequenced))
    }

    /// As a process that starts anew would have it.
    static func log(on store: TestStore, isSequenced: Bool = false, seeds: [UInt8] = [9]) throws -> TransparencyLog {
        // A store that hands on nothing else has no one batch at a time.
        let database: any Database = isSequenced ? SwitchedDatabase(store.database) : store.database
        return TransparencyLog(keys: try .forTests(origin: origin, seeds: seeds), database: database)
    }

    static func car(_ number: Int) -> Digest { SHA256.hash("car \(number)".utf8) }
    static func entry(_ car: Int, _ count: Int) -> Digest { SHA256.hash("entry \(car) \(count)".utf8) }

    static func leaf(_ car: Int, _ count: Int) -> LogLeaf {
        LogLeaf(vehicle: self.car(car), entry: entry(car, count))
    }

    /// What a slice does in the transaction that stores an entry.
    @discardableResult
    func add(_ tx: any Transaction, _ car: Int, _ count: Int, log other: TransparencyLog? = nil) throws -> Int64? {
        let leaf = LogWorld.leaf(car, count)
        let place = try (other ?? log).add(tx, leaf, count: Int64(count), recordedAt: tx.now)
        try tx.execute(
            """
            INSERT INTO entry_hash (hash, vin, seq, leaf_index)
            VALUES (\(leaf.entry.bytes), \("car \(car)"), \(count - 1), \(place))
            """
        )
        return place
    }

    @discardableResult
    func add(_ car: Int, _ count: Int, log other: TransparencyLog? = nil) async throws -> Int64? {
        try await log.database.write { try add($0, car, count, log: other) }
    }

    func head() async throws -> LogHead { try await store.database.read { try LogStore.head($0) } }
    func index() async throws -> IndexHead { try await store.database.read { try IndexStore.head($0) } }

    func leaves() async throws -> [PlacedLeaf] {
        try await store.database.read { try LogStore.leaves($0, from: 0, limit: .max) }
    }

    /// The root as somebody computes it who has nothing but the leaves.
    func expectedRoot(of count: Int? = nil) async throws -> Digest {
        let leaves = try await leaves()
        return LogWorld.root(leaves.prefix(count ?? leaves.count).map(\.leaf.hash)[...])
    }

    private static func root(_ leaves: ArraySlice<Digest>) -> Digest {
        guard leaves.count > 1 else { return leaves.first ?? MerkleHash.emptyRoot }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        return MerkleHash.node(root(leaves.prefix(split)), root(leaves.dropFirst(split)))
    }

    /// Changes what nobody may change.
    func tamper(_ sql: SQL) async throws {
        try await store.database.write { _ = try $0.execute(sql) }
    }

    func note(_ size: Int64, _ root: Digest, seeds: [UInt8] = [9]) throws -> SignedNote {
        try LogKeys.forTests(origin: LogWorld.origin, seeds: seeds).signed(size: size, root: root)
    }
}

extension LogHead {
    func checkpoint(_ keys: [VerifierKey]) throws -> Checkpoint? {
        guard let note else { return nil }
        let signed = try SignedNote(parsing: Array(note.utf8))
        _ = try signed.verified(by: keys)
        return Checkpoint(parsing: signed.text)
    }
}
