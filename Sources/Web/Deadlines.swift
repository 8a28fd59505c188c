import Core
import Synchronization

/// Ends what takes too long. One ticking task serves all requests: a timer for each would cost more than most of them.
final class Deadlines: Sendable {
    /// How late a deadline may be noticed.
    static let resolution: Duration = .milliseconds(50)

    private struct Entry {
        let deadline: ContinuousClock.Instant
        let expire: @Sendable () -> Void
    }

    private struct State {
        var nextID: UInt64 = 0
        var entries: [UInt64: Entry] = [:]
    }

    private let state = Mutex(State())

    /// Ticks until it is cancelled.
    func run() async throws {
        while true {
            try await Task.sleep(for: Deadlines.resolution)
            expire(at: .now)
        }
    }

    /// - Parameter expire: must not take long: others wait behind it.
    /// - Returns: what to remove it by.
    func add(at deadline: ContinuousClock.Instant, expire: @escaping @Sendable () -> Void) -> UInt64 {
        state.withLock { state in
            state.nextID += 1
            state.entries[state.nextID] = Entry(deadline: deadline, expire: expire)
            return state.nextID
        }
    }

    func remove(_ id: UInt64) {
        state.withLock { _ = $0.entries.removeValue(forKey: id) }
    }

    /// Runs `operation` in a task of its own and waits for it no longer than `limit`. What did not finish is cancelled
    /// and left to itself.
    /// - Returns: whether it finished.
    func run(within limit: Duration, _ operation: @escaping @Sendable () async -> Void) async -> Bool {
        let race = Race()
        let task = Task {
            await operation()
            race.finish(true)
        }
        let id = add(at: .now + limit) {
            race.finish(false)
            task.cancel()
        }
        defer { remove(id) }
        return await withCheckedContinuation { race.wait($0) }
    }

    private func expire(at now: ContinuousClock.Instant) {
        let expired = state.withLock { state in
            let expired = state.entries.filter { $0.value.deadline <= now }
            for id in expired.keys { state.entries.removeValue(forKey: id) }
            return expired.values.map(\.expire)
        }
        for expire in expired { expire() }
    }
}

/// Whether something was done in time: decided once, by whoever comes first.
final class Deadline: Sendable {
    private enum State {
        static let open: UInt8 = 0
        static let met: UInt8 = 1
        static let missed: UInt8 = 2
    }

    private let state = Atomic<UInt8>(State.open)

    var isMissed: Bool { state.load(ordering: .acquiring) == State.missed }

    /// - Returns: whether it was still open.
    @discardableResult
    func meet() -> Bool { close(State.met) }

    /// - Returns: whether it was still open.
    func miss() -> Bool { close(State.missed) }

    private func close(_ outcome: UInt8) -> Bool {
        state.compareExchange(expected: State.open, desired: outcome, ordering: .acquiringAndReleasing).exchanged
    }
}

/// The first of two outcomes, for the one who waits.
private final class Race: Sendable {
    private enum State {
        case running
        case awaited(CheckedContinuation<Bool, Never>)
        case finished(Bool)
        case over
    }

    private let state = Mutex(State.running)

    func wait(_ continuation: CheckedContinuation<Bool, Never>) {
        let outcome: Bool? = state.withLock { state in
            guard case .finished(let outcome) = state else {
                state = .awaited(continuation)
                return nil
            }
            state = .over
            return outcome
        }
        if let outcome { continuation.resume(returning: outcome) }
    }

    func finish(_ outcome: Bool) {
        let continuation: CheckedContinuation<Bool, Never>? = state.withLock { state in
            switch state {
            case .running:
                state = .finished(outcome)
                return nil
            case .awaited(let continuation):
                state = .over
                return continuation
            case .finished, .over:
                return nil
            }
        }
        continuation?.resume(returning: outcome)
    }
}
