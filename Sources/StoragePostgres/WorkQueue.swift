import Core
import Dispatch
import Storage
import Synchronization

/// What waits for a connection, before the threads that have one. It is bounded: one more is refused at once.
final class WorkQueue<Work: Sendable>: Sendable {
    private struct State {
        var waiting = FirstInFirstOut<Work>()
        var idleThreads = 0
        var runningThreads: Int
        var isClosed = false
        var whenOver: [CheckedContinuation<Void, Never>] = []
    }

    private let limit: Int
    private let state: Mutex<State>
    /// Signalled once for each idle thread that there is work for.
    private let wake = DispatchSemaphore(value: 0)

    init(limit: Int, threads: Int) {
        self.limit = limit
        state = Mutex(State(runningThreads: threads))
    }

    var count: Int { state.withLock { $0.waiting.count } }

    /// - Throws: `Failure.storeBusy` where it is full, `Failure.storeLost` where it is closed.
    func submit(_ work: Work) throws {
        let mustWake = try state.withLock { state in
            guard !state.isClosed else { throw Failure(.storeLost) }
            guard state.waiting.count < limit else {
                throw Failure(.storeBusy, retryAfterSeconds: PostgresLimits.retryAfterSeconds)
            }
            state.waiting.append(work)
            guard state.idleThreads > 0 else { return false }
            state.idleThreads -= 1
            return true
        }
        if mustWake { wake.signal() }
    }

    /// Waits for work, on a thread that may be blocked.
    /// - Returns: nothing when the queue is closed and empty: the thread's time is over.
    func next(upTo count: Int) -> [Work] {
        while true {
            let (work, isOver) = state.withLock { state -> ([Work], Bool) in
                let work = state.waiting.popFirst(upTo: count)
                if work.isEmpty, !state.isClosed { state.idleThreads += 1 }
                return (work, state.isClosed)
            }
            if !work.isEmpty || isOver { return work }
            wake.wait()
        }
    }

    /// Everything that waits, without waiting for more.
    func takeAll() -> [Work] {
        state.withLock { state in state.waiting.popFirst(upTo: state.waiting.count) }
    }

    /// A thread has let go of its connection.
    func threadEnds() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.runningThreads -= 1
            guard state.runningThreads == 0 else { return [] }
            defer { state.whenOver = [] }
            return state.whenOver
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Accepts no more. What was accepted is still done.
    func close() {
        let sleeping = state.withLock { state in
            state.isClosed = true
            defer { state.idleThreads = 0 }
            return state.idleThreads
        }
        for _ in 0..<sleeping { wake.signal() }
    }

    /// Returns when every thread has ended.
    func isOver() async {
        await withCheckedContinuation { waiter in
            let isOver = state.withLock { state in
                guard state.runningThreads > 0 else { return true }
                state.whenOver.append(waiter)
                return false
            }
            if isOver { waiter.resume() }
        }
    }
}
