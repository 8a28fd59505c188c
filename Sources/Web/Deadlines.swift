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

    /// Runs `operation` in a task of its own and waits for it no longer than `limit`.
    ///
    /// What did not finish is cancelled and left to itself, so that a write that is on its way to the disk arrives
    /// there.
    /// - Throws: `deadlineExceeded`, or what `operation` throws.
    func run<Value: Sendable>(
        within limit: Duration,
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let race = Race<Value>()
        let task = Task {
            do {
                race.finish(.success(try await operation()))
            } catch {
                race.finish(.failure(error))
            }
        }
        let id = add(
            Entry(deadline: .now + limit) {
                race.finish(.failure(Failure(.deadlineExceeded, retryAfterSeconds: 1)))
                task.cancel()
            }
        )
        defer { remove(id) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { race.wait($0) }
        } onCancel: {
            task.cancel()
        }
    }

    private func add(_ entry: Entry) -> UInt64 {
        state.withLock { state in
            state.nextID += 1
            state.entries[state.nextID] = entry
            return state.nextID
        }
    }

    private func remove(_ id: UInt64) {
        state.withLock { _ = $0.entries.removeValue(forKey: id) }
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

/// The first of several outcomes, for the one who waits.
private final class Race<Value: Sendable>: Sendable {
    private enum State {
        case running
        case awaited(CheckedContinuation<Value, any Error>)
        case finished(Result<Value, any Error>)
        case over
    }

    private let state = Mutex(State.running)

    func wait(_ continuation: CheckedContinuation<Value, any Error>) {
        let result: Result<Value, any Error>? = state.withLock { state in
            guard case .finished(let result) = state else {
                state = .awaited(continuation)
                return nil
            }
            state = .over
            return result
        }
        if let result { continuation.resume(with: result) }
    }

    func finish(_ result: Result<Value, any Error>) {
        let continuation: CheckedContinuation<Value, any Error>? = state.withLock { state in
            switch state {
            case .running:
                state = .finished(result)
                return nil
            case .awaited(let continuation):
                state = .over
                return continuation
            case .finished, .over:
                return nil
            }
        }
        continuation?.resume(with: result)
    }
}
