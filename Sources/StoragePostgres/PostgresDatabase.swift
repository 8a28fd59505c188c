package import Core
import Logging
package import Storage

/// A store on PostgreSQL: a few connections that write, each in batches, and a few that read. Each has a thread.
package final class PostgresDatabase: Database {
    private let writes: WorkQueue<any PendingWork>
    private let reads: WorkQueue<any PendingWork>
    private let metrics: StoreMetrics
    /// What the operator should change about the server. They are in the log, too.
    package let warnings: [String]

    private init(limits: PostgresLimits, metrics: StoreMetrics, warnings: [String]) {
        self.metrics = metrics
        self.warnings = warnings
        writes = WorkQueue(limit: limits.waitingWrites, threads: limits.writers)
        reads = WorkQueue(limit: limits.waitingReads, threads: limits.readers)
    }

    /// The threads hold their queue and not this object; they end when it does.
    deinit {
        writes.close()
        reads.close()
    }

    /// - Throws: `PostgresOpenError` where there is no such store, or none that keeps what is promised.
    package static func open(
        _ location: PostgresLocation,
        clock: some WallClock = SystemClock(),
        limits: PostgresLimits = PostgresLimits()
    ) async throws -> PostgresDatabase {
        // Made here, where the metrics that the task is bound to can still be seen.
        let metrics = StoreMetrics()
        let connector = Connector(location, limits: limits)
        let warnings = try await onOwnThread { try ServerFacts.check(connector, clock: clock) }
        let logger = Logger(label: "storage.postgres")
        for warning in warnings { logger.warning("\(warning)") }
        let database = PostgresDatabase(limits: limits, metrics: metrics, warnings: warnings)
        try database.startThreads(connector, clock: clock, logger: logger)
        return database
    }

    private func startThreads(_ connector: Connector, clock: any WallClock, logger: Logger) throws {
        for _ in 0..<connector.limits.writers {
            try OwnThread.start { [writes, metrics] in
                Writer(writes, connector, clock: clock, metrics: metrics, logger: logger).run()
                writes.threadEnds()
            }
        }
        for _ in 0..<connector.limits.readers {
            try OwnThread.start { [reads] in
                Reader(reads, connector, clock: clock).run()
                reads.threadEnds()
            }
        }
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { waiter in
            let read = Work(body, waiter: waiter)
            do { try reads.submit(read) } catch { read.finish(error) }
        }
    }

    /// The write goes on to its end whatever becomes of the task that asked for it: nothing here listens to its
    /// cancellation.
    package func write<Result: Sendable>(
        knowing hints: WriteHints,
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { waiter in
            let write = Work(body, knowing: hints, waiter: waiter)
            do {
                try writes.submit(write)
            } catch {
                metrics.writeRefused()
                write.finish(error)
            }
        }
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await write(knowing: WriteHints(), body)
    }

    /// Answers what was accepted and lets go of the connections.
    package func close() async throws {
        writes.close()
        reads.close()
        await writes.isOver()
        await reads.isOver()
    }

    /// Writes that wait for their batch.
    package var waitingWriteCount: Int { writes.count }
}

/// Runs what blocks where it holds up nobody.
private func onOwnThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { waiter in
        do {
            try OwnThread.start { waiter.resume(with: Result(catching: work)) }
        } catch {
            waiter.resume(throwing: error)
        }
    }
}
