import Core
import Storage

/// Runs a body on a session, and once more, carefully, where it went on after a statement that failed.
struct BodyRun {
    let session: Session
    let clock: any WallClock
    /// Whether what a body has run later may fail after the body's end.
    let postpones: Bool

    enum End {
        /// What the body did can stay.
        case kept(Instant)
        /// The body's own error, or that of its statement.
        case refused(any Error)
        /// The transaction cannot go on.
        case unfinished(PQError)
    }

    /// - Parameter undo: takes back what the body did, so that it can be run again.
    func run(_ work: any PendingWork, undo: () -> Void) -> End {
        let quick = PostgresTransaction(on: session, isCareful: false, postpones: postpones, now: clock.now())
        let error = work.attempt(in: quick)
        guard quick.endedBy == nil, quick.wantsCare || (quick.hasFailed && error == nil) else {
            return end(of: quick, error)
        }
        undo()
        let careful = PostgresTransaction(on: session, isCareful: true, postpones: false, now: clock.now())
        return end(of: careful, work.attempt(in: careful))
    }

    private func end(of transaction: PostgresTransaction, _ error: (any Error)?) -> End {
        if let ended = transaction.endedBy { return .unfinished(ended) }
        if let error { return .refused(error) }
        return .kept(transaction.now)
    }
}

extension PendingWork {
    /// - Returns: what it threw.
    func attempt(in transaction: PostgresTransaction) -> (any Error)? {
        do {
            try run(in: transaction)
            return nil
        } catch {
            return error
        }
    }
}
