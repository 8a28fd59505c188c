import Core
import Storage

/// Commits many writes with one flush of the server's log.
struct Batch {
    let session: Session
    let clock: any WallClock
    /// Marks that the commit deletes on the way.
    let sweep: [SQL]
    /// Each of several writes gets a savepoint.
    let isDivided: Bool

    /// What became of a batch.
    enum Outcome {
        /// The first so many writes are committed, or refused on their own account. Where there is an obstacle, the
        /// next one met another transaction; what is behind it was not begun.
        case committed(Int, CommitMarker?, obstacle: PQError?)
        /// Certainly nothing happened.
        case nothing(PQError)
        /// Nothing happened: one of them has to be undone, which takes a division.
        case wantsDivision
        /// The answer to the commit was lost. So many writes are concerned.
        case unknown(Int, CommitMarker?, PQError)
    }

    func commit(_ writes: [any PendingWork]) -> Outcome {
        isDivided || writes.count == 1 ? commitOneByOne(writes) : commitUndivided(writes)
    }

    /// Runs the writes one behind the other, as if they were one, and what they have run later with those behind them.
    /// One that throws before it wrote anything leaves no trace; most refusals are such.
    ///
    /// Those that are foreseen come first, and none of them asks about what another is about.
    private func commitUndivided(_ writes: [any PendingWork]) -> Outcome {
        begin(isAlone: false)
        var lastKept: Instant?
        let foreseen: [[ForeseenAnswers]]
        let (first, others) = divide(writes)
        do throws(SessionError) {
            foreseen = try answers(for: first)
        } catch {
            session.rollBack()
            return error.error.isLost ? .nothing(error.error) : .wantsDivision
        }
        for (index, write) in (first + others).enumerated() {
            let transaction = PostgresTransaction(
                on: session,
                isCareful: false,
                postpones: true,
                hints: write.hints,
                foreseen: index < foreseen.count ? foreseen[index] : [],
                now: clock.now()
            )
            let error = write.attempt(in: transaction)
            if transaction.hasFailed || (error != nil && transaction.hasWritten) {
                session.rollBack()
                if let ended = transaction.endedBy, ended.isLost { return .nothing(ended) }
                return .wantsDivision
            }
            if let error { write.refuse(error) } else { lastKept = transaction.now }
        }
        let outcome = end(writes.count, lastKept, obstacle: nil)
        if case .nothing(let error) = outcome, !error.isLost { return .wantsDivision }
        return outcome
    }

    /// - Returns: those that are foreseen, one of each topic, and the others. In the order of their topics: two batches
    ///   that lock the same rows do so in the same order.
    private func divide(_ writes: [any PendingWork]) -> (foreseen: [any PendingWork], others: [any PendingWork]) {
        var foreseen: [(topic: String, write: any PendingWork)] = []
        var others: [any PendingWork] = []
        var topics = Set<String>()
        for write in writes {
            if let topic = write.hints.foresight?.topic, topics.insert(topic).inserted {
                foreseen.append((topic, write))
            } else {
                others.append(write)
            }
        }
        return (foreseen.sorted { $0.topic < $1.topic }.map(\.write), others)
    }

    /// Asks for all of them together.
    private func answers(for writes: [any PendingWork]) throws(SessionError) -> [[ForeseenAnswers]] {
        let questions = writes.map { $0.hints.foresight?.questions ?? [] }
        var answers = try session.run(questions.flatMap { $0.flatMap(\.self) })[...]
        return questions.map { groups in
            groups.map { group in
                defer { answers = answers.dropFirst(group.count) }
                return ForeseenAnswers(statements: group, answers: Array(answers.prefix(group.count)))
            }
        }
    }

    /// Runs each write in a savepoint of its own, so that one that throws leaves no trace and its neighbours do not
    /// notice, and commits them together. A write that is alone needs no savepoint: it has a transaction of its own.
    private func commitOneByOne(_ writes: [any PendingWork]) -> Outcome {
        let isAlone = writes.count == 1
        let run = BodyRun(session: session, clock: clock, postpones: isAlone)
        begin(isAlone: isAlone)
        var lastKept: Instant?
        for (index, write) in writes.enumerated() {
            if !isAlone { session.rideAlong("SAVEPOINT body") }
            switch run.run(write, undo: { beginAgain(isAlone: isAlone) }) {
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
        session.begin(
            isAlone
                ? .write(lockMilliseconds: limits.lockMilliseconds)
                : .write(lockMilliseconds: limits.batchLockMilliseconds, isShared: true)
        )
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
        guard let lastKept, session.isBegun || session.hasPostponed else {
            session.rollBack()
            return .committed(count, nil, obstacle: obstacle)
        }
        if !session.isBegun {
            // Whether commits are marked here is known once the transaction is begun.
            do throws(SessionError) {
                _ = try session.run([])
            } catch {
                session.rollBack()
                return .nothing(error.error)
            }
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
