import Storage
import StoragePostgres
import StorageSQLite

/// A store that tells how many writes wait for their batch.
protocol QueueingStore: Database {
    var waitingWriteCount: Int { get }
}

extension SQLiteDatabase: QueueingStore {}
extension PostgresDatabase: QueueingStore {}

/// The writer of a store, stopped before a gate, so that what is written meanwhile becomes one batch.
struct HeldWriter<Store: QueueingStore> {
    private let database: Store
    private let gate: Gate
    private let held: Task<Void, any Error>

    static func hold(_ database: Store) async -> HeldWriter {
        let gate = Gate()
        let held = Task { try await database.write { _ in gate.pass() } }
        await gate.isReached()
        return HeldWriter(database: database, gate: gate, held: held)
    }

    /// Starts a write and returns once it waits behind the one before the gate.
    func begin<Value: Sendable>(
        _ hints: WriteHints,
        _ body: @escaping @Sendable (any Transaction) throws -> Value
    ) async -> Task<Value, any Error> {
        let count = database.waitingWriteCount
        let task = Task { [database] in try await database.write(knowing: hints, body) }
        while database.waitingWriteCount == count { await Task.yield() }
        return task
    }

    func begin<Value: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Value
    ) async -> Task<Value, any Error> {
        await begin(WriteHints(), body)
    }

    func release() async throws {
        gate.open()
        try await held.value
    }
}
