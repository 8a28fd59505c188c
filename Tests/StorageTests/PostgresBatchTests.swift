import Core
import MetricsTestKit
import Storage
import StoragePostgres
import Support
import Synchronization
import Testing

@Suite struct PostgresBatchTests {
    @Test func `writes that wait together share one commit, and each gets its own answer`() async throws {
        let store = try await PostgresUnderTest.open()
        let held = await store.hold()
        var writes: [Task<Int64, any Error>] = []
        for id in 0..<60 {
            writes.append(
                await held.begin { tx in
                    try tx.add(id)
                    return try tx.first("SELECT MAX(id) FROM note")?.integer(0) ?? -1
                }
            )
        }
        try await held.release()
        for (id, write) in writes.enumerated() { #expect(try await write.value == Int64(id)) }
        #expect(try store.metrics.expectRecorder("store_batched_writes").lastValue == 60)
        // One for the write before the gate, one for those behind it.
        #expect(store.commits == 2)
    }

    @Test func `a body that throws does not touch its neighbours`() async throws {
        let store = try await PostgresUnderTest.open()
        let held = await store.hold()
        let first = await held.begin { try $0.add(1) }
        let refused = await held.begin { tx in
            try tx.add(2)
            throw Refused()
        }
        let taken = await held.begin { try $0.add(1) }
        let last = await held.begin { try $0.add(3) }
        try await held.release()
        try await first.value
        await #expect(throws: Refused()) { try await refused.value }
        await #expect(throws: UniqueViolation()) { try await taken.value }
        try await last.value
        #expect(try await store.database.ids() == [1, 3])
        #expect(store.commits == 2)
    }

    @Test(arguments: [true, false])
    func `a body may catch a unique violation and go on`(isAlone: Bool) async throws {
        let store = try await PostgresUnderTest.open()
        let held = await store.hold()
        let runs = Atomic<Int>(0)
        let write = await held.begin { tx in
            runs.add(1, ordering: .relaxed)
            try tx.add(1)
            #expect(throws: UniqueViolation()) { try tx.add(1) }
            try tx.add(2)
            #expect(throws: UniqueViolation()) { try tx.add(2) }
            #expect(throws: UniqueViolation()) { try tx.execute(all: ["INSERT INTO note (id) VALUES (4), (2)"]) }
        }
        let neighbour = isAlone ? nil : await held.begin { try $0.add(3) }
        try await held.release()
        try await write.value
        try await neighbour?.value
        #expect(try await store.database.ids() == (isAlone ? [1, 2] : [1, 2, 3]))
        // With a neighbour once more: to find out that one of them has to be undone.
        #expect(runs.load(ordering: .relaxed) == (isAlone ? 2 : 3))
    }

    @Test func `what fails later is told to its own writer, and its neighbours do not notice`() async throws {
        let store = try await PostgresUnderTest.open()
        let held = await store.hold()
        let first = await held.begin { try $0.execute(later: ["INSERT INTO note (id) VALUES (1)"]) }
        let taken = await held.begin { try $0.execute(later: ["INSERT INTO note (id) VALUES (1)"]) }
        let last = await held.begin { tx in
            try tx.execute(later: ["INSERT INTO note (id) VALUES (3)"])
            return try tx.ids()
        }
        try await held.release()
        try await first.value
        await #expect(throws: UniqueViolation()) { try await taken.value }
        #expect(try await last.value == [1, 3])
        #expect(try await store.database.ids() == [1, 3])
        #expect(store.commits == 2)
    }

    @Test func `a refusal before the first statement that changes something costs its neighbours nothing`() async throws
    {
        let store = try await PostgresUnderTest.open()
        let held = await store.hold()
        let runs = Atomic<Int>(0)
        let first = await held.begin { tx in
            runs.add(1, ordering: .relaxed)
            try tx.add(1)
        }
        let refused = await held.begin { tx in
            _ = try tx.ids()
            throw Refused()
        }
        try await held.release()
        try await first.value
        await #expect(throws: Refused()) { try await refused.value }
        #expect(runs.load(ordering: .relaxed) == 1)
        #expect(try await store.database.ids() == [1])
    }

    @Test func `rows that are held are not changed by another instance meanwhile`() async throws {
        let store = try await PostgresUnderTest.open()
        try await store.database.write { try $0.add(0, "0") }
        let databases = [store.database, try await store.another()]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for turn in 0..<40 {
                group.addTask {
                    try await databases[turn % 2].write { tx in
                        let question: SQL = "SELECT body FROM note WHERE id = 0"
                        let count = try tx.rows(all: [question.lockingRows])[0].first?.text(0)
                        let next = (Int(count ?? "") ?? 0) + 1
                        try tx.execute(later: ["UPDATE note SET body = \("\(next)") WHERE id = 0"])
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.ask("SELECT body FROM note") == "40\n")
    }

    @Test func `a body that swallows its only failure keeps what came before`() async throws {
        let store = try await PostgresUnderTest.open()
        try await store.database.write { tx in
            try tx.add(1)
            try? tx.add(1)
        }
        #expect(try await store.database.ids() == [1])
    }

    @Test func `a reader may go on after a failure`() async throws {
        let store = try await PostgresUnderTest.open()
        try await store.database.add(1)
        let ids = try await store.database.read { tx in
            #expect(throws: (any Error).self) { try tx.rows("SELECT nothing FROM note") }
            return try tx.ids()
        }
        #expect(ids == [1])
    }

    @Test func `a deferred foreign key that points nowhere fails its own write only`() async throws {
        let store = try await PostgresUnderTest.open()
        _ = try await store.ask(
            """
            CREATE TABLE child (
                id BIGINT PRIMARY KEY,
                note BIGINT NOT NULL REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED
            )
            """
        )
        let held = await store.hold()
        let orphan = await held.begin { try $0.execute("INSERT INTO child (id, note) VALUES (1, 404)") }
        let family = await held.begin { tx in
            try tx.execute("INSERT INTO child (id, note) VALUES (2, 1)")
            try tx.add(1)
        }
        try await held.release()
        await #expect(throws: (any Error).self) { _ = try await orphan.value }
        try await family.value
        let children = try await store.database.read { try $0.rows("SELECT id FROM child") }
        #expect(children.map { $0[0] } == [.integer(2)])
    }

    @Test func `a body can neither end its transaction nor begin another`() async throws {
        let store = try await PostgresUnderTest.open()
        for sql: SQL in ["COMMIT", "ROLLBACK", "BEGIN", "SAVEPOINT mine"] {
            await #expect(throws: (any Error).self) {
                try await store.database.write { tx in
                    try tx.add(1)
                    try tx.execute(sql)
                }
            }
        }
        #expect(try await store.database.ids() == [])
    }

    @Test func `several statements go together, and none behind one that fails`() async throws {
        let store = try await PostgresUnderTest.open()
        let counts = try await store.database.write { tx in
            try tx.execute(all: [
                "INSERT INTO note (id) VALUES (1), (2)", "UPDATE note SET body = \("x")",
                "DELETE FROM note WHERE id = \(9)",
            ])
        }
        #expect(counts == [2, 2, 0])
        await #expect(throws: UniqueViolation()) {
            try await store.database.write { tx in
                try tx.execute(all: ["INSERT INTO note (id) VALUES (3)", "INSERT INTO note (id) VALUES (1)"])
            }
        }
        #expect(try await store.database.ids() == [1, 2])
    }

    @Test func `cancelling the caller does not undo or tear a write`() async throws {
        let store = try await PostgresUnderTest.open()
        let held = await store.hold()
        let write = await held.begin { tx in
            try tx.add(1)
            try tx.add(2)
        }
        write.cancel()
        try await held.release()
        try await write.value
        #expect(try await store.database.ids() == [1, 2])
    }

    @Test(arguments: [true, false])
    func `statements give the same answers whether they are prepared or not`(preparesStatements: Bool) async throws {
        var limits = PostgresLimits.one
        limits.preparesStatements = preparesStatements
        let store = try await PostgresUnderTest.open(limits)
        for id in 0..<5 {
            try await store.database.write { try $0.add(id, id.isMultiple(of: 2) ? "even" : nil) }
            await #expect(throws: UniqueViolation()) { try await store.database.add(id) }
        }
        for id in 0..<5 {
            let body = try await store.database.read { try $0.first("SELECT body FROM note WHERE id = \(id)") }
            #expect(try body?.optionalText(0) == (id.isMultiple(of: 2) ? "even" : nil))
        }
    }

    @Test func `a text with a NUL is refused as the defect that it is`() async throws {
        let store = try await PostgresUnderTest.open()
        let error = await #expect(throws: PQError.self) { try await store.database.write { try $0.add(1, "a\0b") } }
        #expect(error?.state == "22021")
        #expect(error?.description.contains("U+0000") == true)
        #expect(try await store.database.ids() == [])
    }

    @Test func `a sum of numbers is a number`() async throws {
        let store = try await PostgresUnderTest.open()
        _ = try await store.database.write { try $0.execute("INSERT INTO note (id) VALUES (\(Int64.max)), (1), (-1)") }
        let sum = try await store.database.read { try $0.first("SELECT COALESCE(SUM(id), \(0)) FROM note")?.integer(0) }
        #expect(sum == .max)
        try await store.database.add(5)
        await #expect(throws: StoredDataError.self) {
            try await store.database.read { try $0.first("SELECT SUM(id) FROM note")?.integer(0) }
        }
    }

    @Test func `the marks of commits are deleted again`() async throws {
        let store = try await PostgresUnderTest.open()
        for id in 0..<40 { try await store.database.add(id) }
        let count = try await store.ask("SELECT count(id) FROM write_marker")
        #expect((1...9).contains(Int(count.dropLast()) ?? -1))
        try await store.database.close()
        #expect(try await store.ask("SELECT count(id) FROM write_marker") == "0\n")
    }
}

@Suite struct PostgresLimitTests {
    @Test func `a full queue of writes refuses at once, and takes writes again later`() async throws {
        var limits = PostgresLimits.one
        limits.waitingWrites = 2
        let store = try await PostgresUnderTest.open(limits)
        let held = await store.hold()
        let waiting = [await held.begin { try $0.add(1) }, await held.begin { try $0.add(2) }]
        let refusal = await #expect(throws: Failure.self) { try await store.database.add(3) }
        #expect(refusal?.type == .storeBusy)
        #expect(refusal?.retryAfterSeconds == 1)
        #expect(store.metrics.counterTotal(label: "store_refused_writes") == 1)
        try await held.release()
        for write in waiting { try await write.value }
        try await store.database.add(4)
        #expect(try await store.database.ids() == [1, 2, 4])
    }

    @Test func `a full queue of reads refuses at once, and takes reads again later`() async throws {
        var limits = PostgresLimits.one
        limits.waitingReads = 1
        let store = try await PostgresUnderTest.open(limits)
        let database = store.database
        let gate = Gate()
        async let held: Void = database.read { _ in gate.pass() }
        await gate.isReached()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 { group.addTask { try await database.check() } }
            let refusal = await #expect(throws: Failure.self) { try await group.next() }
            #expect(refusal?.type == .storeBusy)
            gate.open()
            try await group.next()
        }
        try await held
        try await store.database.check()
    }

    @Test func `closing answers what was accepted and refuses the rest`() async throws {
        let store = try await PostgresUnderTest.open()
        let held = await store.hold()
        let accepted = await held.begin { try $0.add(1) }
        let closing = Task { try await store.database.close() }
        try await held.release()
        try await accepted.value
        try await closing.value
        let refusal = await #expect(throws: Failure.self) { try await store.database.add(2) }
        #expect(refusal?.type == .storeLost)
        await #expect(throws: Failure.self) { _ = try await store.database.ids() }
        try await store.database.close()
        #expect(try await store.ask("SELECT id FROM note") == "1\n")
    }

    @Test func `a store that nobody holds lets go of its connections`() async throws {
        let scratch = try await PostgresScratch.make(isMigrated: true)
        do {
            let database = try await PostgresDatabase.open(try scratch.location, limits: .one)
            try await database.check()
        }
        let name = scratch.url.split(separator: "/").last ?? ""
        var count = ""
        while count != "0\n" {
            count = try await scratch.cluster.administrate(
                "SELECT count(pid) FROM pg_stat_activity WHERE datname = '\(name)'"
            )
        }
    }

    @Test func `every transaction has its limits, a batch a shorter one`() async throws {
        let store = try await PostgresUnderTest.open()
        let ask: @Sendable (any Transaction) throws -> [SQLValue] = { tx in
            let row = try tx.first(
                """
                SELECT
                    current_setting('statement_timeout'),
                    current_setting('idle_in_transaction_session_timeout'),
                    current_setting('lock_timeout')
                """
            )
            return (0..<3).compactMap { row?[$0] }
        }
        let alone: [SQLValue] = [.text("30s"), .text("10s"), .text("3s")]
        #expect(try await store.database.read(ask) == alone)
        let held = await store.hold()
        let batch = [await held.begin(ask), await held.begin(ask)]
        try await held.release()
        for write in batch { #expect(try await write.value == [.text("30s"), .text("10s"), .text("250ms")]) }
        #expect(try await store.database.write(ask) == alone)
    }

    @Test func `a commit is on the disk whatever the role is set up to`() async throws {
        let store = try await PostgresUnderTest.open()
        let name = store.scratch.url.split(separator: "/").last ?? ""
        try await store.scratch.cluster.administrate("ALTER DATABASE \(name) SET synchronous_commit = off")
        let database = try await store.another()
        let settings = try await database.write { try $0.first("SELECT current_setting('synchronous_commit')") }
        #expect(settings?[0] == .text("on"))
    }
}
