import Core
import CoreMetrics
import MetricsTestKit
import Storage
import StorageSQLite
import Support
import Testing

/// A store whose writer stands before a gate, so that what is written meanwhile becomes one batch.
struct HeldStore {
    let database: SQLiteDatabase
    let metrics: TestMetrics
    let directory: TemporaryDirectory
    private let writer: HeldWriter<SQLiteDatabase>

    static func open(_ prepare: [SQL] = [], limits: SQLiteLimits = SQLiteLimits()) async throws -> HeldStore {
        let metrics = TestMetrics()
        let directory = try TemporaryDirectory()
        let database = try await withMetricsFactory(metrics) {
            try await SQLiteDatabase.open(.file(path: directory.path("store.db")), limits: limits)
        }
        _ = try await Migrator(Notebook.migrations, dialect: .sqlite, database: database).apply()
        try await database.write { tx in
            for statement in prepare { try tx.execute(statement) }
        }
        return await HeldStore(database: database, metrics: metrics, directory: directory)
    }

    private init(database: SQLiteDatabase, metrics: TestMetrics, directory: TemporaryDirectory) async {
        self.database = database
        self.metrics = metrics
        self.directory = directory
        writer = await HeldWriter.hold(database)
    }

    func begin<Value: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Value
    ) async -> Task<Value, any Error> {
        await writer.begin(body)
    }

    func release() async throws {
        try await writer.release()
    }

    var commits: Int64 { metrics.counterTotal(label: "store_commits") }
}

@Suite struct GroupCommitTests {
    @Test func `writes that wait together share one commit, and each gets its own answer`() async throws {
        let store = try await HeldStore.open()
        let before = store.commits
        var writes: [Task<Int64, any Error>] = []
        for id in 0..<64 {
            writes.append(
                await store.begin { tx in
                    try tx.add(id)
                    return try tx.first("SELECT MAX(id) FROM note")?.integer(0) ?? -1
                }
            )
        }
        try await store.release()
        for (id, write) in writes.enumerated() {
            #expect(try await write.value == Int64(id))
        }
        // One for the write before the gate, one for the 64 behind it.
        #expect(store.commits - before == 2)
        #expect(try store.metrics.expectRecorder("store_batched_writes").lastValue == 64)
    }

    @Test func `a batch is not longer than its limit`() async throws {
        var limits = SQLiteLimits()
        limits.batchedWrites = 3
        let store = try await HeldStore.open(limits: limits)
        let before = store.commits
        var writes: [Task<Void, any Error>] = []
        for id in 0..<7 { writes.append(await store.begin { try $0.add(id) }) }
        try await store.release()
        for write in writes { try await write.value }
        #expect(store.commits - before == 4)
    }

    @Test func `a body that throws does not touch its neighbours`() async throws {
        let store = try await HeldStore.open()
        let first = await store.begin { try $0.add(1) }
        let refused = await store.begin { tx in
            try tx.add(2)
            throw Refused()
        }
        let taken = await store.begin { try $0.add(1) }
        let last = await store.begin { try $0.add(3) }
        try await store.release()
        try await first.value
        await #expect(throws: Refused()) { try await refused.value }
        await #expect(throws: UniqueViolation()) { try await taken.value }
        try await last.value
        #expect(try await store.database.ids() == [1, 3])
    }

    @Test func `a body may catch a unique violation and go on`() async throws {
        let store = try await HeldStore.open()
        try await store.release()
        try await store.database.write { tx in
            try tx.add(1)
            #expect(throws: UniqueViolation()) { try tx.add(1) }
            try tx.add(2)
        }
        #expect(try await store.database.ids() == [1, 2])
    }

    @Test func `a deferred foreign key that points nowhere fails its own write only`() async throws {
        let store = try await HeldStore.open([
            """
            CREATE TABLE child (
                id BIGINT PRIMARY KEY,
                note BIGINT NOT NULL REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED
            )
            """
        ])
        let orphan = await store.begin { try $0.execute("INSERT INTO child (id, note) VALUES (1, 404)") }
        let family = await store.begin { tx in
            try tx.execute("INSERT INTO child (id, note) VALUES (2, 1)")
            try tx.add(1)
        }
        try await store.release()
        await #expect(throws: (any Error).self) { try await orphan.value }
        try await family.value
        let children = try await store.database.read { try $0.rows("SELECT id FROM child") }
        #expect(children.map { $0[0] } == [.integer(2)])
    }

    @Test func `cancelling the caller does not undo or tear a write`() async throws {
        let store = try await HeldStore.open()
        let write = await store.begin { tx in
            try tx.add(1)
            try tx.add(2)
        }
        write.cancel()
        try await store.release()
        try await write.value
        #expect(try await store.database.ids() == [1, 2])
    }

    @Test func `a write of a task that is cancelled already happens all the same`() async throws {
        let store = try await TestStore.notebook()
        let write = Task {
            while !Task.isCancelled { await Task.yield() }
            try await store.database.add(1)
        }
        write.cancel()
        try await write.value
        #expect(try await store.database.ids() == [1])
    }
}

@Suite struct QueueLimitTests {
    @Test func `a full queue of writes refuses at once, and takes writes again later`() async throws {
        var limits = SQLiteLimits()
        limits.waitingWrites = 2
        let store = try await HeldStore.open(limits: limits)
        let waiting = [await store.begin { try $0.add(1) }, await store.begin { try $0.add(2) }]
        let refusal = await #expect(throws: Failure.self) { try await store.database.add(3) }
        #expect(refusal?.type == .storeBusy)
        #expect(refusal?.retryAfterSeconds == 1)
        #expect(store.metrics.counterTotal(label: "store_refused_writes") == 1)
        try await store.release()
        for write in waiting { try await write.value }
        try await store.database.add(4)
        #expect(try await store.database.ids() == [1, 2, 4])
    }

    @Test func `a full queue of reads refuses at once, and takes reads again later`() async throws {
        var limits = SQLiteLimits()
        limits.readers = 1
        limits.waitingReads = 1
        let directory = try TemporaryDirectory()
        let database = try await SQLiteDatabase.open(.file(path: directory.path("store.db")), limits: limits)
        let gate = Gate()
        async let held: Void = database.read { _ in gate.pass() }
        await gate.isReached()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 { group.addTask { try await database.check() } }
            // One of the two finds room to wait in, so the one that answers now has found none.
            let refusal = await #expect(throws: Failure.self) { try await group.next() }
            #expect(refusal?.type == .storeBusy)
            gate.open()
            try await group.next()
        }
        try await held
        try await database.check()
    }

    @Test func `closing answers what was accepted and refuses the rest`() async throws {
        let store = try await HeldStore.open()
        let accepted = await store.begin { try $0.add(1) }
        let closing = Task { try await store.database.close() }
        try await store.release()
        try await accepted.value
        try await closing.value
        let refusal = await #expect(throws: Failure.self) { try await store.database.add(2) }
        #expect(refusal?.type == .storeLost)
        await #expect(throws: Failure.self) { _ = try await store.database.ids() }
        let again = try await SQLiteDatabase.open(.file(path: store.directory.path("store.db")))
        #expect(try await again.ids() == [1])
        try await again.close()
    }
}
