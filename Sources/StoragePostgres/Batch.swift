import Core
import Storage

/// Commits many writes with one flush of the server's log.
struct Batch {
    let session: Session
    let clock: any WallClock
    /// Marks that the commit deletes on the way.
    let sweep: [SQL]

    /// What became of a batch.
    enum Outcome {
        /// The first so many writes are committed, or refused on their own account. Where there is an obstacle, the
        /// next one met another transaction; what is behind it was not begun.
        case committed(Int, CommitMarker?, obstacle: PQError?)
        /// Certainly nothing happened.
        case nothing(PQError)
        /// The answer to the commit was lost. So many writes are concerned.
        case unknown(Int, CommitMarker?, PQError)
    }

    /// Runs each write in a savepoint of its own, so that one that throws leaves no trace and its neighbours do not
    /// notice, and commits them together. A write that is alone needs no savepoint: it has a transaction of its own.
    func commit(_ writes: [any PendingWork]) -> Outcome {
        let isAlone = writes.count == 1
        begin(isAlone: isAlone)
        var lastKept: Instant?
        for (index, write) in writes.enumerated() {
            if !isAlone { session.rideAlong("SAVEPOINT body") }
            switch BodyRun(session: session, clock: clock).run(write, undo: { beginAgain(isAlone: isAlone) }) {
            case .kept(let now):
                lastKept = now
                if !isAlone { session.rideAlong("RELEASE body") }
            case .refused(let error):
                write.refuse(error)
                undo(isAlone: isAlone)
            case .unfinished(let error):
                guard error.isContention, index > 0 else {
                    session.rollBack()
                    return .nothing(error)
                }
                // What came before it is committed, which lets go of the rows that others may wait for.
                undo(isAlone: isAlone)
                return end(index, lastKept, obstacle: error)
            }
        }
        return end(writes.count, lastKept, obstacle: nil)
    }

    private func begin(isAlone: Bool) {
        let limits = session.limits
        session.begin(.write(lockMilliseconds: isAlone ? limits.lockMilliseconds : limits.batchLockMilliseconds))
    }

    private func undo(isAlone: Bool) {
        guard !isAlone else { return session.rollBack() }
        session.rideAlong("ROLLBACK TO body")
        session.rideAlong("RELEASE body")
    }

    private func beginAgain(isAlone: Bool) {
        undo(isAlone: isAlone)
        if isAlone { begin(isAlone: true) } else { session.rideAlong("SAVEPOINT body") }
    }

    /// - Parameter lastKept: the time of the last write that is kept, if any is.
    private func end(_ count: Int, _ lastKept: Instant?, obstacle: PQError?) -> Outcome {
        guard let lastKept, session.isBegun else {
            session.rollBack()
            return .committed(count, nil, obstacle: obstacle)
        }
        let marker = session.hasMarkers ? CommitMarker(now: lastKept) : nil
        do throws(PQError) {
            try session.commit(marker.map { sweep + [$0.insertion] } ?? [])
            return .committed(count, marker, obstacle: obstacle)
        } catch {
            return error.isLost ? .unknown(count, marker, error) : .nothing(error)
        }
    }
}
