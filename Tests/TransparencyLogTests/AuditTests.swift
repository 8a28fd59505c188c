import Core
import Cryptography
import Ledger
import Storage
import Support
import Testing

@testable import TransparencyLog

/// The log computed anew: whatever is changed in the store is found, and named.
@Suite struct AuditTests {
    private func filled() async throws -> LogWorld {
        let world = try await LogWorld.open()
        try await world.store.database.write { tx in
            for number in 0..<300 { try world.add(tx, number % 30, number / 30 + 1) }
        }
        try await world.log.catchUp()
        return world
    }

    private func report(_ world: LogWorld) async throws -> LogAudit.Report {
        try await LogAudit(origin: LogWorld.origin, database: world.store.database, keys: world.log.keys).run { _, _ in
        }
    }

    @Test func `an honest store has nothing to report`() async throws {
        let report = try await report(try await filled())
        #expect(report.leaves == 300)
        #expect(report.damages == [])
        let empty = try await self.report(try await LogWorld.open())
        #expect(empty.damages == [])
    }

    private static let damages: [(SQL, String)] = [
        ("DELETE FROM log_leaf WHERE number = 17", "leaf"),
        ("UPDATE log_leaf SET vehicle_count = 7 WHERE number = 17", "leaf"),
        ("UPDATE log_leaf SET leaf = zeroblob(64) WHERE number = 17", "tile"),
        ("UPDATE log_tile SET hashes = zeroblob(8704) WHERE level = 0 AND number = 0", "tile"),
        ("DELETE FROM log_tile WHERE level = 0 AND number = 1", "tile"),
        ("UPDATE log_tile SET hashes = zeroblob(32) WHERE level = 1 AND number = 0", "tile"),
        ("UPDATE log_head SET root = zeroblob(32) WHERE one = 1", "root"),
        ("UPDATE log_head SET note = 'a' WHERE one = 1", "note"),
        ("UPDATE log_index_head SET note = 'a' WHERE one = 1", "note"),
        ("UPDATE log_checkpoint SET root = zeroblob(32) WHERE size = 300", "checkpoint"),
        ("UPDATE log_index_head SET root = zeroblob(32) WHERE one = 1", "index"),
        ("DELETE FROM log_page WHERE path = x'00'", "index"),
    ]

    @Test(arguments: damages)
    func `damage is found and named`(damage: SQL, kind: String) async throws {
        let world = try await filled()
        try await world.tamper(damage)
        #expect(try await report(world).damages.map(\.kind).contains(kind))
    }

    @Test func `an entry that the log has elsewhere, or nowhere, is named by its number`() async throws {
        let world = try await LogWorld.open()
        let vehicle = try await world.store.database.write { try world.log.vehicle($0, keeping: "name") }
        let entries = (1...4).map { LogWorld.entry(0, $0) }
        try await world.store.database.write { tx in
            for (offset, entry) in entries.prefix(3).enumerated() {
                let leaf = LogLeaf(vehicle: vehicle.key, entry: entry)
                let place = try world.log.add(tx, leaf, count: Int64(offset) + 1, recordedAt: tx.now)
                try tx.execute(
                    """
                    INSERT INTO entry_hash (hash, vin, seq, leaf_index)
                    VALUES (\(entry.bytes), \("name"), \(offset), \(place))
                    """
                )
            }
        }
        func first(_ entries: [Digest]) async throws -> Int? {
            try await world.store.database.read { try TransparencyLog.firstMisplaced($0, of: "name", entries) }
        }
        #expect(try await first(Array(entries.prefix(3))) == nil)
        #expect(try await first(entries) == 3)
        #expect(try await first([entries[0], entries[2]]) == 1)
    }
}
