package import Core
import Glibc
import Synchronization

/// Makes and checks the hashes of passwords, a few at a time, each on a thread of its own: none of the threads that
/// serve requests ever waits for one.
///
/// At the most `concurrentMaximum` hashes are in memory, of `PasswordHash.Cost.maximum` each; as many as
/// `waitingMaximum` wait for their turn, and whoever comes then is refused at once.
package final class PasswordHashing: Sendable {
    /// A core each on the smallest machine, and 128 MiB at the current cost.
    package static let concurrentMaximum = 2
    /// With a tenth of a second or two each, nobody waits longer than one or two seconds.
    package static let waitingMaximum = 16
    /// When those who wait now have had their turn.
    package static let retryAfterSeconds = 2

    private let cost: PasswordHash.Cost
    private let concurrentMaximum: Int
    private let waitingMaximum: Int
    private let decoy: PasswordHash
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

    package init(
        cost: PasswordHash.Cost = .current,
        concurrentMaximum: Int = PasswordHashing.concurrentMaximum,
        waitingMaximum: Int = PasswordHashing.waitingMaximum
    ) {
        self.cost = cost
        self.concurrentMaximum = concurrentMaximum
        self.waitingMaximum = waitingMaximum
        decoy = PasswordHash.decoy(cost: cost)
    }

    /// - Throws: `passwordChecksBusy`.
    package func hash(_ password: Password) async throws -> PasswordHash {
        try await perform { [cost] in try PasswordHash(hashing: password, cost: cost) }
    }

    /// - Parameters:
    ///   - password: `nil` for what no account can have as its password, which takes as long as a wrong one.
    ///   - stored: `nil` where there is no such account, which takes as long, too.
    /// - Throws: `passwordChecksBusy`.
    package func verify(_ password: Password?, against stored: PasswordHash?) async throws -> Bool {
        let isRight = try await perform { [decoy] in try (stored ?? decoy).verify(password ?? .nobodys) }
        return isRight && password != nil && stored != nil
    }

    /// Runs `work` on a thread apart from the cooperative pool, when it is its turn.
    func perform<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
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
        case .never: job.refuse(Failure.passwordChecksBusy)
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
        for job in [job] + giveUp() { job.refuse(Failure.passwordChecksBusy) }
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

extension Failure {
    fileprivate static let passwordChecksBusy = Failure(
        .passwordChecksBusy,
        retryAfterSeconds: PasswordHashing.retryAfterSeconds
    )
}

extension ProblemType {
    package static let passwordChecksBusy = ProblemType(
        "password_checks_busy",
        .unavailable,
        zh: "登录人数过多，请稍后再试",
        en: "Too many people are signing in; try again shortly"
    )

    /// Every type that this target raises.
    package static let cryptography: [ProblemType] = [.passwordChecksBusy]
}

/// A thread that yields the processor to those that serve requests: a flood of sign-ins must not slow down reads.
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
