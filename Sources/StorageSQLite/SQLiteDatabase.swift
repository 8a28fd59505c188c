package import Core
import Dispatch
import GRDB
package import Storage

/// A store on SQLite: one connection that writes, a few that read.
package final class SQLiteDatabase: Storage.Database {
    private let connections: SQLiteConnections
    private let clock: any WallClock
    private let log = WriteAheadLog()
    private let readers: Readers
    private let writes: WriteQueue

    private init(
        _ location: SQLiteLocation,
        clock: any WallClock,
        limits: SQLiteLimits,
        metrics: StoreMetrics,
        onLost: @escaping @Sendable () -> Void
    ) throws {
        self.clock = clock
        connections = try SQLiteConnections(location, readers: limits.readers)
        readers = Readers(connections.readers, waitingLimit: limits.waitingReads)
        writes = WriteQueue(
            connections.writer,
            clock: clock,
            limits: limits,
            log: log,
            metrics: metrics,
            onLost: onLost
        )
        try connections.writer.writeWithoutTransaction { try log.watch($0) }
    }

    /// - Parameter onLost: called once, when the outcome of a commit is unknown. Nothing is written from then on; the
    ///   process should end, and start again from what is on the disk.
    package static func open(
        _ location: SQLiteLocation,
        clock: some WallClock = SystemClock(),
        limits: SQLiteLimits = SQLiteLimits(),
        onLost: @escaping @Sendable () -> Void = {}
    ) async throws -> SQLiteDatabase {
        // Made here, where the metrics that the task is bound to can still be seen.
        let metrics = StoreMetrics()
        return try await offTheCooperativePool {
            try SQLiteDatabase(location, clock: clock, limits: limits, metrics: metrics, onLost: onLost)
        }
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await readers.read { [clock] connection in
            try body(SQLiteTransaction(on: connection, access: .read, now: clock.now()))
        }
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await writes.write(body)
    }

    /// One process serves a store, so that it sees every change.
    package func stamp(of topic: String) -> UInt64? {
        writes.stamps.stamp(of: topic)
    }

    /// There is one batch at a time.
    package func endBatches(touching topic: String, with end: @escaping BatchEnd) -> Bool {
        writes.endBatches(with: BatchEnding(topic: topic, end: end))
        return true
    }

    /// Answers what was accepted, empties the write-ahead log and lets go of the file.
    package func close() async throws {
        await writes.close()
        await readers.close()
        // After a failed `fsync` another one proves nothing: the file stays as it is for the next start.
        guard !isLost else { return }
        do {
            try await writes.truncateLog()
        } catch let failure as Failure where failure.type == .storeBusy {
            // Another process still reads out of the log. Whoever opens the store next finds everything in it.
        }
        try await offTheCooperativePool { [connections] in try connections.close() }
    }
}

// MARK: - Health

extension SQLiteDatabase {
    /// Whether the outcome of a commit became unknown.
    package var isLost: Bool { writes.isLost }

    /// Writes that wait for their batch.
    package var waitingWriteCount: Int { writes.waitingCount }

    /// How much the write-ahead log holds. It grows while a reader needs an old state.
    package var logBytes: Int { log.bytes }

    /// - Throws: `Failure` where the store does not answer or may not be written any more.
    package func check() async throws {
        guard !isLost else { throw Failure(.storeLost) }
        _ = try await read { try $0.first("SELECT 1") }
    }

    package func forgetDeleted() async throws {
        try await truncateLog()
    }

    /// Copies the write-ahead log into the store and empties it: after an erasure, nothing of what was erased is left
    /// in either. Waits for readers that began before.
    package func truncateLog() async throws {
        try await writes.truncateLog()
    }
}

/// Runs what blocks where it holds up nobody.
private func offTheCooperativePool<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { waiter in
        DispatchQueue.global().async { waiter.resume(with: Result(catching: work)) }
    }
}
