import Core
import FoundationEssentials
import Glibc
import Storage
import StorageSQLite
import Support
import Synchronization
import Testing

/// A disk that has no room, and a disk that fails. Killed processes and power cuts are tried elsewhere.
@Suite struct FaultTests {
    /// More than fits under the page limit that the tests set.
    private static let large = Array(repeating: UInt8(1), count: 400_000)

    @Test(arguments: TestStore.Place.allCases)
    func `a full store refuses writes, still reads, and recovers when it has room`(place: TestStore.Place) async throws
    {
        let store = try await TestStore.notebook(in: place)
        try await store.database.add(1)
        _ = try await store.database.write { try $0.pragma("PRAGMA max_page_count = 40") }
        let refusal = await #expect(throws: Failure.self) {
            try await store.database.write { try $0.add(2, nil, Self.large) }
        }
        #expect(refusal?.type == .storeFull)
        #expect(try await store.database.ids() == [1])
        _ = try await store.database.write { try $0.pragma("PRAGMA max_page_count = 1073741823") }
        try await store.database.write { try $0.add(2, nil, Self.large) }
        #expect(try await store.database.ids() == [1, 2])
    }

    @Test func `a batch in which the store gets full fails as a whole`() async throws {
        let store = try await HeldStore.open()
        let first = await store.begin { tx in
            _ = try tx.pragma("PRAGMA max_page_count = 40")
            try tx.add(1)
        }
        let large = await store.begin { try $0.add(2, nil, Self.large) }
        let last = await store.begin { try $0.add(3) }
        try await store.release()
        for write in [first, large, last] {
            let refusal = await #expect(throws: Failure.self) { try await write.value }
            #expect(refusal?.type == .storeFull)
        }
        #expect(try await store.database.ids() == [])
        #expect(!store.database.isLost)
        try await store.database.add(4)
        #expect(try await store.database.ids() == [4])
    }

    @Test func `a body that swallows a full store cannot go on behind its back`() async throws {
        let store = try await HeldStore.open()
        let write = await store.begin { tx in
            _ = try tx.pragma("PRAGMA max_page_count = 40")
            try tx.add(1)
            try? tx.add(2, nil, Self.large)
            try? tx.add(3)
        }
        try await store.release()
        let refusal = await #expect(throws: Failure.self) { try await write.value }
        #expect(refusal?.type == .storeFull)
        #expect(try await store.database.ids() == [])
    }

    /// The log is emptied first: `/dev/full` reads as zeros, and nothing but the log must be found in it.
    @Test func `a commit without room for its log fails and the next one succeeds`() async throws {
        let directory = try TemporaryDirectory()
        let database = try await SQLiteDatabase.open(.file(path: directory.path("store.db")))
        _ = try await Migrator(Notebook.migrations, dialect: .sqlite, database: database).apply()
        try await database.truncateLog()
        let log = try SwappedFile(directory.path("store.db-wal"), for: "/dev/full")
        let refusal = await #expect(throws: Failure.self) { try await database.add(1) }
        #expect(refusal?.type == .storeFull)
        log.restore()
        #expect(!database.isLost)
        try await database.add(2)
        #expect(try await database.ids() == [2])
    }

    /// `/dev/null` takes every byte and refuses to be flushed.
    @Test func `after a flush that failed nothing is written any more`() async throws {
        let losses = Mutex(0)
        let directory = try TemporaryDirectory()
        let database = try await SQLiteDatabase.open(.file(path: directory.path("store.db"))) {
            losses.withLock { $0 += 1 }
        }
        _ = try await Migrator(Notebook.migrations, dialect: .sqlite, database: database).apply()
        #expect(!database.isLost)
        let log = try SwappedFile(directory.path("store.db-wal"), for: "/dev/null")
        for id in 1...2 {
            let refusal = await #expect(throws: Failure.self) { try await database.add(id) }
            #expect(refusal?.type == .storeLost)
            log.restore()
        }
        #expect(database.isLost)
        #expect(losses.withLock { $0 } == 1)
        let health = await #expect(throws: Failure.self) { try await database.check() }
        #expect(health?.type == .storeLost)
        let truncation = await #expect(throws: Failure.self) { try await database.truncateLog() }
        #expect(truncation?.type == .storeLost)
        try await database.close()
    }

    /// SQLite itself would let that pass: the write that it came with is safe in the log.
    @Test func `a checkpoint that cannot be flushed loses the store, not the write before it`() async throws {
        var limits = SQLiteLimits()
        limits.checkpointPages = 1
        let directory = try TemporaryDirectory()
        let database = try await SQLiteDatabase.open(.file(path: directory.path("store.db")), limits: limits)
        _ = try await Migrator(Notebook.migrations, dialect: .sqlite, database: database).apply()
        // Behind it the checkpoint that followed the last migration is over.
        try await database.write { _ in }
        let file = try SwappedFile(directory.path("store.db"), for: "/dev/null")
        try await database.add(1)
        let refusal = await #expect(throws: Failure.self) { try await database.add(2) }
        #expect(refusal?.type == .storeLost)
        file.restore()
        #expect(database.isLost)
        let again = try await SQLiteDatabase.open(.file(path: directory.path("store.db")))
        #expect(try await again.ids() == [1])
    }

    @Test func `what waits when the store is lost is refused, not written`() async throws {
        var limits = SQLiteLimits()
        limits.batchedWrites = 1
        let store = try await HeldStore.open(limits: limits)
        let first = await store.begin { try $0.add(1) }
        let second = await store.begin { try $0.add(2) }
        let log = try SwappedFile(store.directory.path("store.db-wal"), for: "/dev/null")
        try await store.release()
        await #expect(throws: Failure.self) { try await first.value }
        log.restore()
        let refusal = await #expect(throws: Failure.self) { try await second.value }
        #expect(refusal?.type == .storeLost)
    }

    @Test func `a body that ends its transaction makes the outcome unknown`() async throws {
        let store = try await TestStore.notebook()
        let refusal = await #expect(throws: Failure.self) {
            _ = try await store.database.write { try $0.execute("COMMIT") }
        }
        #expect(refusal?.type == .storeLost)
    }
}

/// An open file whose descriptors are turned to another one behind SQLite's back, and back again.
private final class SwappedFile: Sendable {
    private let saved: [(descriptor: Int32, copy: Int32)]

    init(_ path: String, for replacement: String) throws {
        let other = Glibc.open(replacement, O_RDWR)
        try #require(other >= 0)
        defer { Glibc.close(other) }
        // Looked for before anything is turned: a copy made below may get a number that has just become free, and
        // would be taken for one of the descriptors looked for.
        let names = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        let descriptors = names.compactMap(Int32.init).filter { descriptor in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")) == path
        }
        try #require(!descriptors.isEmpty)
        saved = descriptors.map { descriptor in
            let copy = dup(descriptor)
            dup2(other, descriptor)
            return (descriptor, copy)
        }
    }

    func restore() {
        for (descriptor, copy) in saved { dup2(copy, descriptor) }
    }

    deinit {
        for (_, copy) in saved { Glibc.close(copy) }
    }
}
