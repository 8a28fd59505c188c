import Core
import Logging
import Storage

/// One of the connections that write, on a thread of its own. What waited while it committed becomes its next batch; an
/// idle one starts at once, so that batching costs a lone caller nothing.
final class Writer {
    /// A write, and how often it came to nothing.
    private struct Turn {
        let write: any PendingWork
        var attempts = 0
    }

    private let queue: WorkQueue<any PendingWork>
    private let session: Session
    private let clock: any WallClock
    private let metrics: StoreMetrics
    private let logger: Logger
    private var spent = SpentMarkers()
    private var turns: [Turn] = []
    /// Together they were refused when they were to be committed; which of them is to blame shows one by one.
    private var goesOneByOne = false
    /// So many of the next batches are divided: where one had to be undone, others will have to be.
    private var dividedBatches = 0
    private var contentionEnd = ContinuousClock.now

    init(
        _ queue: WorkQueue<any PendingWork>,
        _ connector: Connector,
        clock: any WallClock,
        metrics: StoreMetrics,
        logger: Logger
    ) {
        self.queue = queue
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
        session = Session(connector)
    }

    /// Returns when the queue is closed and empty.
    func run() {
        while true {
            turns = queue.next(upTo: session.limits.batchedWrites).map { Turn(write: $0) }
            guard !turns.isEmpty else { return leave() }
            metrics.writesWait(queue.count)
            goesOneByOne = false
            contentionEnd = .now + .milliseconds(session.limits.contentionMilliseconds)
            while !turns.isEmpty { takeTurn() }
        }
    }

    private func takeTurn() {
        do {
            try session.connect()
        } catch {
            logger.warning("the store cannot be reached", metadata: ["error": "\(error)"])
            turns += queue.takeAll().map { Turn(write: $0) }
            return answer(turns.count, error.translated)
        }
        let start = ContinuousClock.now
        let count = goesOneByOne ? 1 : min(turns.count, session.limits.batchedWrites)
        let isDivided = dividedBatches > 0
        dividedBatches = max(0, dividedBatches - 1)
        let batch = Batch(session: session, clock: clock, sweep: spent.sweep, isDivided: isDivided)
        switch batch.commit(turns.prefix(count).map(\.write)) {
        case .committed(let count, let marker, let obstacle):
            settle(count, marker, since: start)
            if let obstacle { retry(1, after: obstacle) }
        case .nothing(let error):
            metrics.batchFailed()
            reconsider(count, error)
        case .wantsDivision: dividedBatches = Self.dividedAfterFailure
        case .unknown(let count, let marker, let error):
            resolve(count, marker, error, since: start)
        }
    }

    /// A savepoint costs a write less than a tenth, an attempt in vain a whole batch.
    private static let dividedAfterFailure = 8

    private func settle(_ count: Int, _ marker: CommitMarker?, since start: ContinuousClock.Instant) {
        metrics.committed(count, in: ContinuousClock.now - start)
        answer(count, nil)
        guard let marker else { return }
        spent.wereSwept()
        spent.append(marker)
    }

    /// Nothing happened of `count` writes that went together.
    private func reconsider(_ count: Int, _ error: PQError) {
        if error.isLost { return retry(count, after: error) }
        if count > 1, !error.isContention {
            goesOneByOne = true
        } else {
            retry(1, after: error)
        }
    }

    private func resolve(_ count: Int, _ marker: CommitMarker?, _ error: PQError, since start: ContinuousClock.Instant)
    {
        logger.warning("the answer to a commit was lost", metadata: ["error": "\(error)"])
        switch marker?.resolve(on: session) {
        case true: settle(count, marker, since: start)
        case false: retry(count, after: error)
        default:
            metrics.batchFailed()
            logger.error("the outcome of a commit is unknown", metadata: ["writes": "\(count)"])
            answer(count, error.translated)
        }
    }

    /// Puts the first `count` writes behind the others, which are perhaps not in anybody's way. The callers of those
    /// that were tried often enough, or long enough, are told to come again.
    private func retry(_ count: Int, after error: PQError) {
        let isOver = error.isContention && ContinuousClock.now > contentionEnd
        let mayRetry = !isOver && (error.isContention || error.isLost)
        let tried = turns.prefix(count).map { Turn(write: $0.write, attempts: $0.attempts + 1) }
        turns.removeFirst(count)
        for turn in tried where !mayRetry || turn.attempts >= session.limits.attempts {
            finish(turn, error.translated)
        }
        let again = tried.filter { mayRetry && $0.attempts < session.limits.attempts }
        if turns.isEmpty, error.isContention, let first = again.first {
            session.pause(atMostMilliseconds: PostgresLimits.contentionPauseMilliseconds * first.attempts)
        }
        turns += again
    }

    private func answer(_ count: Int, _ failure: (any Error)?) {
        for turn in turns.prefix(count) { finish(turn, failure) }
        turns.removeFirst(count)
    }

    /// A refusal of its own that a write got in a transaction that came to nothing is not its answer: perhaps a
    /// neighbour had taken its key, and nobody has now.
    private func finish(_ turn: Turn, _ failure: (any Error)?) {
        if let failure { turn.write.refuse(failure) }
        turn.write.finish(failure)
    }

    /// Takes its marks along. Where it cannot, whoever opens the store in some days does.
    private func leave() {
        let marks = spent.all
        if !marks.isEmpty, session.isConnected {
            session.begin(.write(lockMilliseconds: session.limits.lockMilliseconds))
            if (try? session.run(marks)) != nil { try? session.commit([]) }
        }
        session.disconnect()
    }
}
