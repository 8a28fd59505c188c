import Core
import Jobs
import Logging
import Storage
import Support
import Synchronization

/// A store with jobs, whose effects are rows: what is done twice is there twice.
struct JobWorld: Sendable {
    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    static let kind = "deed"

    let store: TestStore

    init(_ engine: Engine, in place: TestStore.Place = .memory) async throws {
        store = try await TestStore.open(engine, in: place)
    }

    var clock: ManualClock { store.clock }

    // MARK: Jobs

    @discardableResult
    func enqueue(
        _ key: String,
        kind: String = JobWorld.kind,
        inSeconds: Int64 = 0,
        payload: JSON = [:]
    ) async throws -> JobID {
        try await store.database.write { tx in
            try Jobs.enqueue(tx, kind, key: key, dueAt: tx.now.adding(seconds: inSeconds), payload: payload).job
        }
    }

    func job(_ key: String, kind: String = JobWorld.kind) async throws -> Job? {
        try await store.database.read { try Jobs.find($0, kind, key: key) }
    }

    func worker(
        _ handlers: [JobHandler]? = nil,
        on database: (any Database)? = nil,
        seed: UInt64 = 7,
        pause: @escaping JobWorker.Pause = { _ in try await Task.sleep(for: .seconds(3600)) }
    ) -> JobWorker {
        let random = SharedRandom(seed: seed)
        return JobWorker(
            database: database ?? store.database,
            handlers: handlers ?? [JobWorld.handler],
            logger: JobWorld.logger,
            chance: { random.pick($0) },
            pause: pause
        )
    }

    // MARK: Effects

    /// Writes down that it was done, when, and whether it was late.
    static let handler = JobHandler(kind, effect: note)

    @discardableResult
    static func note(_ tx: any Transaction, _ run: JobRun) throws -> JobOutcome {
        let name = "\(run.job.key)#\(run.job.fence)"
        let value = "\(run.job.dueAt) \(run.isLate ? "late" : "in time")"
        try tx.execute("INSERT INTO store_fact (name, value) VALUES (\(name), \(value))")
        return .done
    }

    /// The keys of what was done, one for each time.
    func deeds() async throws -> [String] {
        try await store.database.read { tx in
            try tx.rows("SELECT name FROM store_fact WHERE name > '' ORDER BY name").map { row in
                String(try row.text(0).split(separator: "#")[0])
            }
        }
    }

    func notes() async throws -> [String] {
        try await store.database.read { tx in
            try tx.rows("SELECT value FROM store_fact WHERE name > '' ORDER BY name").map { try $0.text(0) }
        }
    }
}

/// One seeded generator for many tasks.
final class SharedRandom: Sendable {
    private let random: Mutex<SeededRandom>

    init(seed: UInt64) {
        random = Mutex(SeededRandom(seed: seed))
    }

    func pick(_ range: ClosedRange<Int64>) -> Int64 {
        random.withLock { Int64.random(in: range, using: &$0) }
    }
}

struct Refused: Error, CustomStringConvertible {
    var description = "refused"
}

/// A store in front of another one, some of whose writes fail: before they happen, or after the commit.
final class FailingDatabase: Database {
    enum Fault: Sendable, Hashable, CaseIterable {
        case beforeWrite
        case afterCommit
    }

    private let wrapped: any Database
    private let failing: @Sendable (Int) -> Fault?
    private let writes = Mutex(0)

    init(_ wrapped: any Database, failing: @escaping @Sendable (Int) -> Fault?) {
        self.wrapped = wrapped
        self.failing = failing
    }

    var writeCount: Int { writes.withLock { $0 } }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await wrapped.read(body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        let number = writes.withLock { writes in
            writes += 1
            return writes
        }
        let fault = failing(number)
        if fault == .beforeWrite { throw Failure(.storeLost) }
        let result = try await wrapped.write(body)
        if fault == .afterCommit { throw Failure(.storeLost) }
        return result
    }

    func close() async throws {}
}
