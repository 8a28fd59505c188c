import Core
import Storage

/// Runs a body on a session, and once more, carefully, where it went on after a statement that failed.
struct BodyRun {
    let session: Session
    let clock: any WallClock

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
        let quick = PostgresTransaction(on: session, isCareful: false, now: clock.now())
        let error = attempt(work, in: quick)
        guard quick.endedBy == nil, quick.wantsCare || (quick.hasFailed && error == nil) else {
            return end(of: quick, error)
        }
        undo()
        let careful = PostgresTransaction(on: session, isCareful: true, now: clock.now())
        return end(of: careful, attempt(work, in: careful))
    }

    private func attempt(_ work: any PendingWork, in transaction: PostgresTransaction) -> (any Error)? {
        do {
            try work.run(in: transaction)
            return nil
        } catch {
            return error
        }
    }

    private func end(of transaction: PostgresTransaction, _ error: (any Error)?) -> End {
        if let ended = transaction.endedBy { return .unfinished(ended) }
        if let error { return .refused(error) }
        return .kept(transaction.now)
    }
}
