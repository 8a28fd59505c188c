package import Core

/// One run of a clock: when it began, what stopped it for a while, when it was met.
package struct ClockRun: Sendable, Hashable {
    package let kind: ClockKind
    /// Of the runs of this kind in this matter, from 1.
    package let number: Int64
    package let startedAt: Instant
    package internal(set) var stoppedAt: Instant?
    package internal(set) var pauses: [Pause]

    package struct Pause: Sendable, Hashable {
        package let reason: Question.WaitedFor
        package let from: Instant
        /// `nil` while it lasts.
        package internal(set) var to: Instant?

        package init(reason: Question.WaitedFor, from: Instant, to: Instant?) {
            self.reason = reason
            self.from = from
            self.to = to
        }
    }

    package init(
        _ kind: ClockKind,
        number: Int64 = 1,
        startedAt: Instant,
        stoppedAt: Instant? = nil,
        pauses: [Pause] = []
    ) {
        self.kind = kind
        self.number = number
        self.startedAt = startedAt
        self.stoppedAt = stoppedAt
        self.pauses = pauses
    }
}

/// What a clock shows.
package struct ClockReading: Sendable, Hashable {
    package let run: ClockRun
    package let policy: ClockPolicy
    package let due: Due
    package let marks: [MarkReading]
    /// The pauses that count, the one that lasts up to now.
    package let pausedFor: [Pause]
    package let isPaused: Bool

    package enum Due: Sendable, Hashable {
        case at(Instant)
        /// Flagged for a person: nothing is guessed.
        case calendarUnknown(year: Int)
    }

    package struct MarkReading: Sendable, Hashable {
        package let percent: Int64
        package let level: AuthorityLevel
        package let at: Instant
        package let isReached: Bool
    }

    package struct Pause: Sendable, Hashable {
        package let from: Instant
        package let to: Instant
        /// How much of the clock's own time it took.
        package let countedSeconds: Int64
    }

    package var dueAt: Instant? {
        guard case .at(let instant) = due else { return nil }
        return instant
    }

    /// Negative when it is over; `nil` where nobody knows.
    package func secondsLeft(at now: Instant) -> Int64? { dueAt.map { $0.seconds(since: now) } }

    /// Met too late, or not met and too late now. The instant itself is still in time.
    package func isBreached(at now: Instant) -> Bool {
        dueAt.map { (run.stoppedAt ?? now) > $0 } ?? false
    }
}

extension ClockPolicies {
    /// - Parameter ceiling: which no clock of the same matter outlasts.
    /// - Returns: `nil` where this edition has no such clock.
    package func read(
        _ run: ClockRun,
        at now: Instant,
        calendar: WorkingCalendar = .stateCouncil,
        ceiling: Instant? = nil
    ) -> ClockReading? {
        guard let policy = self[run.kind] else { return nil }
        // What has been met does not go on.
        let end = run.stoppedAt.map { min($0, now) } ?? now
        do {
            return try ClockFace(run, policy, until: end, calendar, ceiling).reading()
        } catch {
            return ClockReading(
                run: run,
                policy: policy,
                due: .calendarUnknown(year: calendar.firstUnknownYear(from: run.startedAt)),
                marks: [],
                pausedFor: [],
                isPaused: false
            )
        }
    }
}

extension WorkingCalendar {
    fileprivate func firstUnknownYear(from start: Instant) -> Int {
        let known = Set(notices.map(\.year))
        var year = start.dateInChina.year
        while known.contains(year) { year += 1 }
        return year
    }
}

/// A run and its policy, worked out.
private struct ClockFace {
    let run: ClockRun
    let policy: ClockPolicy
    let now: Instant
    let ceiling: Instant?
    let time: WorkingTime
    let pauses: [WorkingTime.Span]

    /// - Throws: `Failure.calendarYearUnknown`.
    init(
        _ run: ClockRun,
        _ policy: ClockPolicy,
        until now: Instant,
        _ calendar: WorkingCalendar,
        _ ceiling: Instant?
    ) throws {
        self.run = run
        self.policy = policy
        self.now = now
        self.ceiling = ceiling
        time = WorkingTime(calendar, startedAt: run.startedAt)
        let counted = run.pauses.filter { policy.pauses.contains($0.reason) }
        pauses = try time.effective(counted, until: now, maximum: policy.pauseWorkingDaysMaximum)
    }

    func reading() throws -> ClockReading {
        let due = try instant(percent: ClockPolicy.breachPercent)
        let marks = try policy.marks.map { mark in
            let at = mark.percent == ClockPolicy.breachPercent ? due : min(try instant(percent: mark.percent), due)
            // The last moment is in time.
            let isReached = mark.percent >= ClockPolicy.breachPercent ? now > at : now >= at
            return ClockReading.MarkReading(percent: mark.percent, level: mark.level, at: at, isReached: isReached)
        }
        return ClockReading(
            run: run,
            policy: policy,
            due: .at(due),
            marks: marks,
            pausedFor: pauses.map {
                ClockReading.Pause(from: $0.from, to: $0.to, countedSeconds: $0.counted / 1_000_000)
            },
            isPaused: run.stoppedAt == nil && run.pauses.contains { $0.to == nil && policy.pauses.contains($0.reason) }
        )
    }

    /// When so many per cent of the time are over.
    private func instant(percent: Int64) throws -> Instant {
        let instant = try uncapped(percent)
        return ceiling.map { min($0, instant) } ?? instant
    }

    private func uncapped(_ percent: Int64) throws -> Instant {
        switch policy.span {
        case .minutes(let minutes): return run.startedAt.adding(milliseconds: minutes * 600 * percent)
        case .days(let days):
            let end = run.startedAt.dateInChina.adding(days: Int(days) + 1).startInChina
            let span = end.microseconds - run.startedAt.microseconds
            return Instant(microseconds: run.startedAt.microseconds + span / 100 * percent + span % 100 * percent / 100)
        case .workingDays(let days):
            return try time.instant(after: days * WorkingTime.microsecondsPerDay / 100 * percent, without: pauses)
        }
    }
}
