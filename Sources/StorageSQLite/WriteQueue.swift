import Core
import GRDB
import Logging
import Storage
import Synchronization

/// The one writer. Writes wait in a bounded queue while a batch is committed; what waited becomes the next batch. An
/// idle writer starts at once, so that batching costs a lone caller nothing.
final class WriteQueue: Sendable {
    private struct State {
        var waiting = FirstInFirstOut<any PendingWrite>()
        var isDraining = false
        var isClosed = false
        var isLost = false
        var whenIdle: CheckedContinuation<Void, Never>?
    }

    private let writer: DatabaseQueue
    private let clock: any WallClock
    private let limits: SQLiteLimits
    private let log: WriteAheadLog
    private let metrics: StoreMetrics
    private let logger = Logger(label: "storage.sqlite")
    private let onLost: @Sendable () -> Void
    private let state = Mutex(State())

    init(
        _ writer: DatabaseQueue,
        clock: any WallClock,
        limits: SQLiteLimits,
        log: WriteAheadLog,
        metrics: StoreMetrics,
        onLost: @escaping @Sendable () -> Void
    ) {
        self.writer = writer
        self.clock = clock
        self.limits = limits
        self.log = log
        self.metrics = metrics
        self.onLost = onLost
    }

    var isLost: Bool { state.withLock(\.isLost) }

    var waitingCount: Int { state.withLock(\.waiting.count) }

    /// The write goes on to its end whatever becomes of the task that asked for it: nothing here listens to its
    /// cancellation.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteTransaction) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { waiter in
            submit(Write(body, waiter: waiter))
        }
    }

    /// Waits for the writes that were accepted, and accepts no more.
    func close() async {
        await withCheckedContinuation { waiter in
            let isIdle = state.withLock { state in
                state.isClosed = true
                guard state.isDraining else { return true }
                state.whenIdle = waiter
                return false
            }
            if isIdle { waiter.resume() }
        }
    }

    private func submit(_ write: any PendingWrite) {
        do {
            let mustStart = try state.withLock { state in
                guard !state.isLost, !state.isClosed else { throw Failure(.storeLost) }
                guard state.waiting.count < limits.waitingWrites else {
                    throw Failure(.storeBusy, retryAfterSeconds: SQLiteLimits.retryAfterSeconds)
                }
                state.waiting.append(write)
                defer { state.isDraining = true }
                return !state.isDraining
            }
            if mustStart { drain() }
        } catch {
            metrics.writeRefused()
            write.finish(error)
        }
    }

    /// One batch a turn: between two, the writer's queue may serve what else waits for the connection.
    private func drain() {
        writer.asyncWriteWithoutTransaction { connection in
            self.commitNextBatch(on: connection)
            let (isIdle, waiter) = self.state.withLock { state in
                state.isDraining = !state.waiting.isEmpty
                return state.isDraining ? (false, nil) : (true, state.whenIdle.take())
            }
            waiter?.resume()
            if !isIdle { self.drain() }
        }
    }

    private func commitNextBatch(on connection: GRDB.Database) {
        let (writes, left, isLost) = state.withLock { state in
            (state.waiting.popFirst(upTo: limits.batchedWrites), state.waiting.count, state.isLost)
        }
        guard !isLost else { return finish(writes, Failure(.storeLost)) }
        metrics.writesWait(left)
        do {
            try commit(writes, on: connection)
            try log.checkpoint(connection, whenLongerThan: limits.checkpointPages)
            metrics.logHolds(bytes: log.bytes)
        } catch {
            guard !error.leavesTheStoreAsItWas else { return }
            lose(because: error)
        }
    }

    /// Every write has its answer when this returns or throws.
    private func commit(_ writes: [any PendingWrite], on connection: GRDB.Database) throws(SQLiteError) {
        let start = ContinuousClock.now
        do {
            try Batch(connection: connection, clock: clock).commit(writes)
        } catch {
            metrics.batchFailed()
            finish(writes, error.leavesTheStoreAsItWas ? error.translated : Failure(.storeLost))
            throw error
        }
        metrics.committed(writes.count, in: ContinuousClock.now - start)
        finish(writes, nil)
    }

    private func lose(because error: SQLiteError) {
        logger.critical("the store is lost until the process starts again", metadata: ["error": "\(error)"])
        state.withLock { $0.isLost = true }
        onLost()
    }

    private func finish(_ writes: [any PendingWrite], _ failure: (any Error)?) {
        for write in writes { write.finish(failure) }
    }
}
