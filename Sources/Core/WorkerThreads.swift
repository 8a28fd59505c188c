import Glibc
import Synchronization

/// Runs heavy work, a few pieces at a time, each on a thread of its own: none of the threads that serve requests ever
/// waits for one.
///
/// As many as `waitingMaximum` wait for their turn, and whoever comes then is refused at once.
package final class WorkerThreads: Sendable {
    private let concurrentMaximum: Int
    private let waitingMaximum: Int
    private let refusal: Failure
    private let state = Mutex(State())

    private struct State {
        var running = 0
        /// Only filled while `running` is at its maximum.
        var waiting: [Job] = []
    }

    private struct Job: Sendable {
        let run: @Sendable () -> Void
        let refuse: @Sendable (any Error) -> Void
    }

    /// How many processors the process may run on.
    package static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// - Parameter refusal: what is thrown at those for whom there is no place.
    package init(concurrentMaximum: Int, waitingMaximum: Int, refusal: Failure) {
        self.concurrentMaximum = concurrentMaximum
        self.waitingMaximum = waitingMaximum
        self.refusal = refusal
    }

    /// Runs `work` on a thread apart from the cooperative pool, when it is its turn.
    package func perform<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { waiter in
            submit(
                Job(
                    run: { waiter.resume(with: Result(catching: work)) },
                    refuse: { error in waiter.resume(throwing: error) }
                )
            )
        }
    }

    private enum Turn {
        case now
        case later
        case never
    }

    private func submit(_ job: Job) {
        let turn: Turn = state.withLock { state in
            if state.running < concurrentMaximum {
                state.running += 1
                return .now
            }
            guard state.waiting.count < waitingMaximum else { return .never }
            state.waiting.append(job)
            return .later
        }
        switch turn {
        case .now: start(with: job)
        case .later: break
        case .never: job.refuse(refusal)
        }
    }

    private func start(with job: Job) {
        let isStarted = LowPriorityThread.start { [self] in
            var next: Job? = job
            while let job = next {
                job.run()
                next = endTurn()
            }
        }
        guard !isStarted else { return }
        for job in [job] + giveUp() { job.refuse(refusal) }
    }

    /// - Returns: whose turn is next on this thread; `nil` and the thread ends.
    private func endTurn() -> Job? {
        state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.running -= 1
            return nil
        }
    }

    /// After a thread could not be started. Those who wait are only turned away where no other thread will come to
    /// them.
    private func giveUp() -> [Job] {
        state.withLock { state in
            state.running -= 1
            guard state.running == 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
    }
}

/// A thread that yields the processor to those that serve requests: a flood of heavy work must not slow down reads.
private enum LowPriorityThread {
    /// A tenth of the share of a thread at 0, by the weights of Linux's scheduler.
    private static let niceness: CInt = 10

    /// - Returns: `false` where the process may have no more threads.
    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        let start = Unmanaged.passRetained(Start(body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Start>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            start.toOpaque()
        )
        guard code == 0 else {
            start.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private final class Start: Sendable {
        private let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }

        func run() {
            // Linux takes 0 for the calling thread alone. Where it is refused, the thread runs as any other.
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
            body()
        }
    }
}
