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
        let quick = transaction(for: work, isCareful: false)
        let error = work.attempt(in: quick)
        guard quick.endedBy == nil, quick.wantsCare || (quick.hasFailed && error == nil) else {
            return end(of: quick, error)
        }
        undo()
        let careful = transaction(for: work, isCareful: true)
        return end(of: careful, work.attempt(in: careful))
    }

    private func transaction(for work: any PendingWork, isCareful: Bool) -> PostgresTransaction {
        PostgresTransaction(
            on: session,
            isCareful: isCareful,
            postpones: postpones && !isCareful,
            hints: work.hints,
            now: clock.now()
        )
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
