package import Core

/// Something that happened to a complaint. Facts are only ever added.
package struct ComplaintFact: Sendable, Hashable {
    /// From 1, without a gap.
    package let number: Int64
    package let at: Instant
    package let by: Caller
    package let why: String?
    package let body: Body

    package init(number: Int64, at: Instant, by: Caller, why: String?, body: Body) {
        self.number = number
        self.at = at
        self.by = by
        self.why = why
        self.body = body
    }

    package enum Body: Sendable, Hashable {
        /// With the first one of the same cause; `nil` where it stands alone.
        case filed(root: ComplaintID?)
        /// A promise was kept: called back, at the door, told the result.
        case met(ClockKind)
        case clockMarked(ClockMark)
        case assigned(to: String)
        case noted
        /// Somebody has found out that it comes from the same cause as another.
        case linked(to: ComplaintID)
        /// Given without a duty, to make up for how it went.
        case goodwill(Money)
        case closed
    }
}

/// A complaint as it stands: what was said, and what became of it.
package struct StoredComplaint: Sendable, Hashable {
    package let complaint: Complaint
    /// The first one of the same cause; itself where it stands alone.
    package private(set) var root: ComplaintID
    package private(set) var facts: [ComplaintFact]
    /// Whose it is now: by how grave it is, or by its clocks.
    package private(set) var level: AuthorityLevel
    /// How many clocks were not met in time.
    package private(set) var breaches: Int64 = 0
    package private(set) var handler: String?
    package private(set) var isOpen = true
    package private(set) var met: [ClockKind: Instant] = [:]
    package private(set) var marks: Set<ClockMark.Key> = []
    package private(set) var given = Money.zero

    package var version: Int64 { Int64(facts.count) }
    /// What comes again is graver, whoever found out that it does.
    package var severity: Severity {
        let isRepeat = root != complaint.id && !complaint.signs.contains(.repeat)
        return isRepeat ? complaint.severity.next : complaint.severity
    }

    /// - Throws: `Failure.claimFactsBroken` where the facts do not follow from each other.
    package init(_ complaint: Complaint, facts: [ComplaintFact]) throws {
        self.complaint = complaint
        root = complaint.id
        level = complaint.severity.level
        self.facts = []
        for fact in facts { try record(fact) }
    }

    /// - Throws: `Failure.claimFactsBroken` where the fact does not follow.
    package mutating func record(_ fact: ComplaintFact) throws {
        let follows = facts.last.map { fact.at >= $0.at && fact.body.kind != .filed } ?? (fact.body.kind == .filed)
        guard follows, fact.number == version + 1, isOpen else { throw Failure(.claimFactsBroken) }
        switch fact.body {
        case .noted: break
        case .filed(let root): link(to: root ?? complaint.id)
        case .linked(let root): link(to: root)
        case .met(let clock): if met[clock] == nil { met[clock] = fact.at }
        case .clockMarked(let mark): escalate(mark)
        case .assigned(let person): handler = person
        case .goodwill(let amount): given = try given.adding(amount)
        case .closed: isOpen = false
        }
        facts.append(fact)
    }

    private mutating func link(to root: ComplaintID) {
        self.root = root
        level = max(level, severity.level)
    }

    private mutating func escalate(_ mark: ClockMark) {
        marks.insert(mark.key)
        level = max(level, mark.level)
        if mark.percent >= ClockPolicy.breachPercent { breaches += 1 }
    }

    package func clocks(
        at now: Instant,
        policies: ClockPolicies,
        calendar: WorkingCalendar
    ) -> [ClockReading] {
        complaint.clockRuns(met: met).compactMap { policies.read($0, at: now, calendar: calendar) }
    }

    /// Reached and not on record.
    func unrecordedMarks(at now: Instant, policies: ClockPolicies, calendar: WorkingCalendar) -> [ClockMark] {
        guard isOpen else { return [] }
        return clocks(at: now, policies: policies, calendar: calendar).flatMap { reading in
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

    func nextMark(at now: Instant, policies: ClockPolicies, calendar: WorkingCalendar) -> Instant? {
        guard isOpen else { return nil }
        return clocks(at: now, policies: policies, calendar: calendar)
            .filter { $0.run.stoppedAt == nil }
            .flatMap(\.marks).filter { !$0.isReached }.map(\.at).min()
    }
}

extension ComplaintFact: Fact {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case filed
        case met
        case clockMarked = "clock_marked"
        case assigned
        case noted
        case linked
        case goodwill
        case closed
    }
}

extension ComplaintFact.Body: FactBody {
    package var kind: ComplaintFact.Kind {
        switch self {
        case .filed: .filed
        case .met: .met
        case .clockMarked: .clockMarked
        case .assigned: .assigned
        case .noted: .noted
        case .linked: .linked
        case .goodwill: .goodwill
        case .closed: .closed
        }
    }

    package var data: JSON {
        switch self {
        case .noted, .closed: [:]
        case .filed(let root): ["root": .optional(root) { JSON($0) }]
        case .linked(let root): ["to": JSON(root)]
        case .met(let clock): ["clock": JSON(clock.rawValue)]
        case .clockMarked(let mark): mark.json
        case .assigned(let person): ["to": JSON(person)]
        case .goodwill(let amount): ["amount": amount.json]
        }
    }

    package init?(_ kind: ComplaintFact.Kind, stored data: inout ObjectReader) {
        let body: ComplaintFact.Body? =
            switch kind {
            case .filed: .filed(root: data.text("root", required: false).flatMap { ComplaintID($0) })
            case .linked: data.text("to").flatMap { ComplaintID($0) }.map { .linked(to: $0) }
            case .noted: .noted
            case .closed: .closed
            case .met: data.oneOf("clock", ClockKind.self).map { .met($0) }
            case .clockMarked: ClockMark(stored: &data).map { .clockMarked($0) }
            case .assigned: data.text("to").map { .assigned(to: $0) }
            case .goodwill: data.money("amount").map { .goodwill($0) }
            }
        guard let body else { return nil }
        self = body
    }
}
