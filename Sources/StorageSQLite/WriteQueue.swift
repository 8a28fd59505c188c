import Core
import GRDB
import Logging
import Storage
import Synchronization

/// The one writer. Writes wait in a bounded queue while a batch is committed; what waited becomes the next batch. An
/// idle writer starts at once, so that batching costs a lone caller nothing.
final class WriteQueue: Sendable {
    private struct State {
        var waiting = FirstInFirstOut<any PendingWork>()
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
    let stamps = ChangeStamps()
    private let state = Mutex(State())
    private let ends = Mutex<[BatchEnding]>([])

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

    var isLost: Bool { state.withLock { $0.isLost } }

    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// The write goes on to its end whatever becomes of the task that asked for it: nothing here listens to its
    /// cancellation.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { waiter in
            submit(Work(body, waiter: waiter))
        }
    }

    func endBatches(with ending: BatchEnding) {
        ends.withLock { $0.append(ending) }
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

    /// Empties the write-ahead log, after the batch that is on its way.
    func truncateLog() async throws {
        try await withCheckedThrowingContinuation { waiter in
            writer.asyncWriteWithoutTransaction { connection in
                waiter.resume(with: Result { try self.truncateLog(connection) })
            }
        }
    }

    private func truncateLog(_ connection: GRDB.Database) throws {
        guard !isLost else { throw Failure(.storeLost) }
        do {
            try log.truncate(connection)
        } catch {
            loseUnlessHarmless(error)
            throw error.translated
        }
    }

    private func submit(_ write: any PendingWork) {
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
        if commit(writes, on: connection) { checkpoint(connection) }
    }

    /// - Returns: whether the batch was committed. Every write has its answer either way.
    private func commit(_ writes: [any PendingWork], on connection: GRDB.Database) -> Bool {
        let start = ContinuousClock.now
        do {
            let batch = Batch(connection: connection, clock: clock, ends: ends.withLock { $0 })
            stamps.changed(try batch.commit(writes))
            metrics.committed(writes.count, in: ContinuousClock.now - start)
            finish(writes, nil)
            return true
        } catch let error as SQLiteError {
            metrics.batchFailed()
            loseUnlessHarmless(error)
            finish(writes, isLost ? Failure(.storeLost) : error.translated)
            return false
        } catch {
            // One of the batch's ends refused it, and all of it was taken back.
            metrics.batchFailed()
            finish(writes, error)
            return false
        }
    }

    /// Comes after the answers: nobody waits for it but the next batch.
    private func checkpoint(_ connection: GRDB.Database) {
        do {
            try log.checkpoint(connection, whenLongerThan: limits.checkpointPages)
            metrics.logHolds(bytes: log.bytes)
        } catch {
            loseUnlessHarmless(error)
        }
    }

    private func loseUnlessHarmless(_ error: SQLiteError) {
        guard !error.leavesTheStoreAsItWas else { return }
        logger.critical("the store is lost until the process starts again", metadata: ["error": "\(error)"])
        state.withLock { $0.isLost = true }
        onLost()
    }

    private func finish(_ writes: [any PendingWork], _ failure: (any Error)?) {
        for write in writes { write.finish(failure) }
    }
}
