package import Core

/// What somebody knows about.
package enum Skill: String, Sendable, Hashable, CaseIterable {
    case powertrain
    case chassis
    case electrics
    case electricDrive = "electric_drive"
    case body
    case inspection
    case warranty
    case refund
    case service

    private static let systems: [Substring: Skill] = [
        "engine": .powertrain, "transmission": .powertrain, "steering": .chassis, "brakes": .chassis,
        "suspension": .chassis, "electrics": .electrics, "assistance": .electrics, "infotainment": .electrics,
        "restraint": .electrics, "climate": .electrics, "ev": .electricDrive, "body": .body,
    ]

    /// By the system that a part belongs to; whoever knows warranties takes what is not known.
    package init(component: String?) {
        let system = component?.prefix { $0 != "." }
        self = system.flatMap { Skill.systems[$0] } ?? .warranty
    }
}

extension Filing {
    package var skill: Skill {
        switch kind {
        case .warranty: Skill(component: component)
        case .description, .fraud: .inspection
        case .return: .refund
        }
    }
}

/// Somebody to whom work can be given.
package struct Handler: Sendable, Hashable {
    package let id: String
    package let level: AuthorityLevel
    package let skills: Set<Skill>
    package let certifiedUntil: CalendarDate
    /// Days off, both ends included.
    package let vacations: [ClosedRange<CalendarDate>]
    package let open: Int
    /// How many matters at a time; fewer for whoever works part of the day.
    package let capacity: Int
    /// `nil` for somebody who has just begun.
    package let lastAssignedAt: Instant?

    package init(
        id: String,
        level: AuthorityLevel,
        skills: Set<Skill>,
        certifiedUntil: CalendarDate,
        vacations: [ClosedRange<CalendarDate>] = [],
        open: Int = 0,
        capacity: Int = 10,
        lastAssignedAt: Instant? = nil
    ) {
        self.id = id
        self.level = level
        self.skills = skills
        self.certifiedUntil = certifiedUntil
        self.vacations = vacations
        self.open = open
        self.capacity = capacity
        self.lastAssignedAt = lastAssignedAt
    }

    package func isAbsent(on day: CalendarDate) -> Bool { vacations.contains { $0.contains(day) } }
}

/// Work that somebody has to do.
package struct WorkItem: Sendable, Hashable {
    package let id: String
    package let skill: Skill
    package let level: AuthorityLevel
    /// Whoever must not have it: the customer's own adviser, the car's inspector, who turned it down.
    package let excluded: Set<String>

    package init(id: String, skill: Skill, level: AuthorityLevel = .junior, excluded: Set<String> = []) {
        self.id = id
        self.skill = skill
        self.level = level
        self.excluded = excluded
    }
}

extension Claim {
    package var workItem: WorkItem {
        let excluded = deniers.union([filing.adviser, filing.inspector].compactMap { $0 })
        return WorkItem(id: id.text, skill: filing.skill, excluded: excluded)
    }
}

package enum Assignment {
    package enum Outcome: Sendable, Hashable {
        case to(String)
        /// Why nobody can have it, for the supervisor.
        case nobody(Obstacle)
    }

    package enum Obstacle: String, Sendable, Hashable, CaseIterable {
        case noSkill = "no_skill"
        case noLevel = "no_level"
        case allExcluded = "all_excluded"
        case allAbsent = "all_absent"
        case allBusy = "all_busy"
    }

    /// Whoever has the smallest share of the own capacity taken; of equals, who has waited longest; then by name, so
    /// that the same question has the same answer.
    package static func choose(_ item: WorkItem, among handlers: [Handler], at now: Instant) -> Outcome {
        let day = now.dateInChina
        let steps: [(Obstacle, (Handler) -> Bool)] = [
            (.noSkill, { $0.skills.contains(item.skill) }),
            (.noLevel, { $0.level >= item.level && day <= $0.certifiedUntil }),
            (.allExcluded, { !item.excluded.contains($0.id) }),
            (.allAbsent, { !$0.isAbsent(on: day) }),
            (.allBusy, { $0.open < $0.capacity }),
        ]
        var left = handlers
        for (obstacle, suits) in steps {
            left = left.filter(suits)
            if left.isEmpty { return .nobody(obstacle) }
        }
        let best = left.min { isBefore($0, $1) }
        return best.map { .to($0.id) } ?? .nobody(.allBusy)
    }

    private static func isBefore(_ left: Handler, _ right: Handler) -> Bool {
        // open ÷ capacity, without dividing.
        let (own, other) = (left.open * right.capacity, right.open * left.capacity)
        if own != other { return own < other }
        let (since, otherSince) = (
            left.lastAssignedAt?.microseconds ?? .min, right.lastAssignedAt?.microseconds ?? .min
        )
        return since != otherSince ? since < otherSince : left.id < right.id
    }

    /// What somebody does next: what is due first; what no calendar can say comes before everything, because a person
    /// has to look at it.
    package static func next(_ work: [(id: String, dueAt: Instant?)]) -> [String] {
        work.sorted { left, right in
            let (own, other) = (left.dueAt?.microseconds ?? .min, right.dueAt?.microseconds ?? .min)
            return own != other ? own < other : left.id < right.id
        }
        .map(\.id)
    }

    /// Who has open work and is away: somebody else has to take it over.
    package static func absent(_ handlers: [Handler], at now: Instant) -> [Handler] {
        handlers.filter { $0.open > 0 && ($0.isAbsent(on: now.dateInChina) || now.dateInChina > $0.certifiedUntil) }
    }
}
