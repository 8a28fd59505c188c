import Core
import Jobs
import Storage

// What happens to a complaint by itself when its time has come.
extension Complaints {
    private var policies: ClockPolicies { .shipped }

    func clocks(of stored: StoredComplaint, at now: Instant) -> [ClockReading] {
        stored.clocks(at: now, policies: policies, calendar: editions.calendar)
    }

    /// When the first clock that runs is due, as the list is sorted by it.
    func dueAt(_ stored: StoredComplaint, at now: Instant) -> Int64 {
        guard stored.isOpen else { return ClaimStanding.never }
        let running = clocks(of: stored, at: now).filter { $0.run.stoppedAt == nil }
        guard running.allSatisfy({ $0.dueAt != nil }) else { return ClaimStanding.unknown }
        return running.compactMap { $0.dueAt?.microseconds }.min() ?? ClaimStanding.never
    }

    func schedule(_ tx: any Transaction, from old: StoredComplaint?, to new: StoredComplaint) throws {
        if let old { try Jobs.cancel(tx, ClaimDeadlines.complaint, key: Complaints.key(old)) }
        guard let at = wake(new, at: tx.now) else { return }
        try Jobs.enqueue(
            tx,
            ClaimDeadlines.complaint,
            key: Complaints.key(new),
            dueAt: at,
            payload: ["complaint": JSON(new.complaint.id)]
        )
    }

    private func wake(_ stored: StoredComplaint, at now: Instant) -> Instant? {
        let isLate = !stored.unrecordedMarks(at: now, policies: policies, calendar: editions.calendar).isEmpty
        return isLate ? now : stored.nextMark(at: now, policies: policies, calendar: editions.calendar)
    }

    private static func key(_ stored: StoredComplaint) -> String { "\(stored.complaint.id)/\(stored.version)" }

    /// Every mark is on record once, with the time at which it was reached, and calls for somebody of its level.
    func sweep(_ tx: any Transaction, _ run: JobRun) throws -> JobOutcome {
        guard let id = run.job.payload["complaint"]?.stringValue.flatMap({ ComplaintID($0) }) else {
            throw HopelessJob("the job names no complaint")
        }
        guard let before = try ComplaintStore.find(tx, id, isLocked: true), Complaints.key(before) == run.job.key else {
            return .done
        }
        let marks = before.unrecordedMarks(at: tx.now, policies: policies, calendar: editions.calendar)
        var stored = before
        for (index, mark) in marks.enumerated() {
            stored = try record(tx, stored, .clockMarked(mark), by: .system, isRunning: index == 0)
        }
        guard marks.isEmpty else {
            _ = try escalate(tx, stored, from: before)
            return .done
        }
        return wake(stored, at: tx.now).map { .again(at: $0) } ?? .done
    }

    /// Whoever has it and is of too low a level gives it to somebody who is not.
    private func escalate(
        _ tx: any Transaction,
        _ stored: StoredComplaint,
        from before: StoredComplaint
    ) throws -> StoredComplaint {
        guard stored.level > before.level else { return stored }
        let handler = try claims.team(tx).first { $0.id == stored.handler }
        guard handler.map({ $0.level < stored.level }) ?? true else { return stored }
        return try assign(tx, stored)
    }

    /// Gives work of somebody who is away to others.
    ///
    /// - Returns: how many were moved.
    func replace(_ tx: any Transaction, _ person: String, besides absent: Set<String>, limit: Int) throws -> Int {
        var moved = 0
        for place in try ComplaintStore.page(tx, .handler(person), after: (-1, ""), limit: limit) {
            guard let stored = try ComplaintStore.find(tx, place.id, isLocked: true) else { continue }
            if try assign(tx, stored, besides: absent).handler != person { moved += 1 }
        }
        return moved
    }
}
