package import Core

/// Which clocks a claim has run, by its facts alone.
extension Claim {
    package func clockRuns() -> [ClockRun] {
        var watch = StopWatch()
        for fact in facts { watch.see(fact) }
        return watch.runs
    }

    /// Every clock, as it shows at this instant; none outlasts the law's ceiling.
    package func clocks(
        at now: Instant,
        policies: ClockPolicies = .shipped,
        calendar: WorkingCalendar = .stateCouncil
    ) -> [ClockReading] {
        let runs = clockRuns()
        return runs.compactMap { run in
            let limit = run.kind == .solution ? ceiling(of: run, in: runs, at: now, policies, calendar) : nil
            return policies.read(run, at: now, calendar: calendar, ceiling: limit)
        }
    }

    private func ceiling(
        of run: ClockRun,
        in runs: [ClockRun],
        at now: Instant,
        _ policies: ClockPolicies,
        _ calendar: WorkingCalendar
    ) -> Instant? {
        let last = runs.last { $0.kind == .legalCeiling && $0.startedAt <= run.startedAt }
        return last.flatMap { policies.read($0, at: now, calendar: calendar)?.dueAt }
    }

    /// Marks that have been reached and are not on record: what a sweep has to escalate. Each once, at its own time,
    /// however late the sweep comes.
    package func unrecordedMarks(
        at now: Instant,
        policies: ClockPolicies = .shipped,
        calendar: WorkingCalendar = .stateCouncil
    ) -> [ClockMark] {
        clocks(at: now, policies: policies, calendar: calendar).flatMap { reading in
            reading.marks.filter(\.isReached).map { mark in
                ClockMark(
                    clock: reading.run.kind,
                    run: reading.run.number,
                    percent: mark.percent,
                    level: mark.level,
                    reachedAt: mark.at
                )
            }
        }
        .filter { !marks.contains($0.key) }
        .sorted { ($0.reachedAt, $0.percent) < ($1.reachedAt, $1.percent) }
    }

    /// When the first clock that still runs is due; `nil` where no calendar can say. What waits for somebody else is
    /// due all the same.
    package func nextDue(
        at now: Instant,
        policies: ClockPolicies = .shipped,
        calendar: WorkingCalendar = .stateCouncil
    ) -> Instant? {
        let running = clocks(at: now, policies: policies, calendar: calendar).filter { $0.run.stoppedAt == nil }
        guard running.allSatisfy({ $0.dueAt != nil }) else { return nil }
        return running.compactMap(\.dueAt).min()
    }

    /// When something happens next without anybody doing anything: for whoever has to wake up.
    package func nextMark(
        at now: Instant,
        policies: ClockPolicies = .shipped,
        calendar: WorkingCalendar = .stateCouncil
    ) -> Instant? {
        clocks(at: now, policies: policies, calendar: calendar)
            .filter { $0.run.stoppedAt == nil && !$0.isPaused }
            .flatMap(\.marks).filter { !$0.isReached }.map(\.at).min()
    }
}

/// Starts and stops clocks as facts go by.
private struct StopWatch {
    private(set) var runs: [ClockRun] = []
    private var unpaid: Int64 = 0

    mutating func see(_ fact: ClaimFact) {
        switch fact.body {
        case .filed(let filing):
            start(.response, fact.at)
            start(.solution, fact.at)
            start(.legalCeiling, fact.at)
            if filing.isUrgent { start(.urgent, fact.at) }
        case .answered:
            stop(.response, fact.at)
            stop(.urgent, fact.at)
        case .asked(let question):
            pause(question.of, fact.at)
            if question.of == .dealer { start(.dealerReply, fact.at) }
        case .replied, .resumed: goOn(fact.at)
        case .proposed: stop(.solution, fact.at)
        case .disputed: start(.solution, fact.at)
        case .sentBack: revive(fact.at)
        case .approved(let amount): unpaid = amount.fen
        case .paid(let payment):
            unpaid -= payment.amount.fen
            if unpaid <= 0 {
                stop(.legalCeiling, fact.at)
                start(.resultNotice, fact.at)
            }
        case .repairFinished: stop(.legalCeiling, fact.at)
        case .rejected:
            stopAll(fact.at)
            start(.resultNotice, fact.at)
        case .resultNotified: stop(.resultNotice, fact.at)
        case .withdrawn, .closed: stopAll(fact.at)
        case .appealed, .reopened:
            stopAll(fact.at)
            start(.response, fact.at)
            start(.solution, fact.at)
            start(.legalCeiling, fact.at)
        default: break
        }
    }

    private mutating func start(_ kind: ClockKind, _ at: Instant) {
        let number = Int64(runs.count { $0.kind == kind }) + 1
        runs.append(ClockRun(kind, number: number, startedAt: at))
    }

    private mutating func stop(_ kind: ClockKind, _ at: Instant) {
        for index in runs.indices where runs[index].kind == kind && runs[index].stoppedAt == nil {
            endPause(index, at)
            runs[index].stoppedAt = at
        }
    }

    /// What the platform takes back was no solution: the same clock goes on. That the buyer had it is a pause.
    private mutating func revive(_ at: Instant) {
        guard let index = runs.lastIndex(where: { $0.kind == .solution }), let stopped = runs[index].stoppedAt else {
            return
        }
        runs[index].stoppedAt = nil
        runs[index].pauses.append(ClockRun.Pause(reason: .buyer, from: stopped, to: at))
    }

    private mutating func stopAll(_ at: Instant) {
        for kind in ClockKind.allCases { stop(kind, at) }
    }

    /// Whether it stops a clock is for the policy to say; that it was waited for is a fact.
    private mutating func pause(_ reason: Question.WaitedFor, _ at: Instant) {
        for index in runs.indices where runs[index].kind == .solution && runs[index].stoppedAt == nil {
            runs[index].pauses.append(ClockRun.Pause(reason: reason, from: at, to: nil))
        }
    }

    private mutating func goOn(_ at: Instant) {
        for index in runs.indices { endPause(index, at) }
        stop(.dealerReply, at)
    }

    private mutating func endPause(_ index: Int, _ at: Instant) {
        guard let last = runs[index].pauses.indices.last, runs[index].pauses[last].to == nil else { return }
        runs[index].pauses[last].to = at
    }
}
