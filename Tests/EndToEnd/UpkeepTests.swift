import Core
import Logging
import Storage
import Support
import Testing

@testable import chexin

/// What one instance does for all.
@Suite struct UpkeepTests {
    private static let rows = SharedUpkeep.rowsPerCommit * 2 + 1

    private func upkeep(_ store: TestStore) -> SharedUpkeep {
        SharedUpkeep(
            database: store.database,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }

    private func acquire(_ store: TestStore, _ holder: String) async throws -> Lease {
        let lease = try await store.database.write { try Lease.acquire($0, SharedUpkeep.leaseName, holder: holder) }
        return try #require(lease)
    }

    /// Answers and uses of quotas whose time is over, and one of each whose time is not.
    private func fill(_ store: TestStore) async throws {
        try await store.database.write { tx in
            try tx.execute("INSERT INTO subject (id, read_count, created_at, erased_at) VALUES ('sub_1', 0, 0, 0)")
            for number in 0...UpkeepTests.rows {
                let isOver = number < UpkeepTests.rows
                let time = tx.now.adding(seconds: isOver ? -7200 : 7200).microseconds
                let key = Array("\(number)".utf8)
                try tx.execute(all: [
                    """
                    INSERT INTO idempotency (scope, key_digest, fingerprint, status, answer, created_at, expires_at)
                    VALUES ('s', \(key), \(key), 200, \(key), 0, \(time))
                    """,
                    """
                    INSERT INTO rate_use (policy, caller, window_start, used)
                    VALUES ('p', \("\(number)"), \(time), 1)
                    """,
                    """
                    INSERT INTO outbox_message (id, kind, subject, recipient, language, sealed, created_at, expires_at)
                    VALUES (\("\(number)"), 'k', 'sub_1', 'phone', 'en', \(key), 0, \(time))
                    """,
                ])
            }
        }
    }

    private func counts(_ store: TestStore) async throws -> [Int64] {
        try await store.database.read { tx in
            try tx.rows(all: [
                "SELECT COUNT(scope) FROM idempotency", "SELECT COUNT(caller) FROM rate_use",
                "SELECT COUNT(id) FROM outbox_message",
            ]).map { try $0[0].integer(0) }
        }
    }

    @Test(arguments: Engine.allCases)
    func `what has run out is deleted, in as many commits as it takes`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        try await fill(store)
        try await upkeep(store).sweep(under: try await acquire(store, "a"))
        #expect(try await counts(store) == [1, 1, 1])
    }

    @Test(arguments: Engine.allCases)
    func `who lost the lease deletes nothing`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        try await fill(store)
        let lost = try await acquire(store, "stopped")
        store.clock.advance(seconds: Lease.seconds)
        let current = try await acquire(store, "next")
        await #expect(throws: LeaseLost.self) { try await upkeep(store).sweep(under: lost) }
        #expect(try await counts(store) == [Int64](repeating: Int64(UpkeepTests.rows + 1), count: 3))
        try await upkeep(store).sweep(under: current)
        #expect(try await counts(store) == [1, 1, 1])
    }
}
