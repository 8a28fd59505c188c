import Dispatch
import Synchronization

/// Holds a transaction open on the store's own thread until the test says so. It never blocks the cooperative pool.
final class Gate: Sendable {
    private enum State {
        case untouched
        case awaited(CheckedContinuation<Void, Never>)
        case entered
    }

    private let state = Mutex(State.untouched)
    private let opening = DispatchSemaphore(value: 0)

    /// Called within the transaction.
    func pass() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state = .entered }
            guard case .awaited(let waiter) = state else { return nil }
            return waiter
        }
        waiter?.resume()
        opening.wait()
        // Open it stays: a transaction whose connection was lost meanwhile comes again.
        opening.signal()
    }

    /// Returns once a transaction stands before the gate.
    func isReached() async {
        await withCheckedContinuation { waiter in
            let isEntered = state.withLock { state in
                if case .entered = state { return true }
                state = .awaited(waiter)
                return false
            }
            if isEntered { waiter.resume() }
        }
    }

    func open() {
        opening.signal()
    }
}
