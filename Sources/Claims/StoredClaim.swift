package import Core
package import Warranty

/// A claim with what the store knows of it besides.
package struct StoredClaim: Sendable, Hashable {
    package internal(set) var claim: Claim
    /// Which promise pays; `nil` before it was assessed, and where none does.
    package internal(set) var cover: ClaimCover?

    package var id: ClaimID { claim.id }
    /// Counts the facts.
    package var version: Int64 { Int64(claim.facts.count) }
    package var filedAt: Instant { claim.facts.first?.at ?? Instant(microseconds: 0) }
    package var warranty: WarrantyID? { claim.filing.contract.flatMap { WarrantyID($0) } }
}

/// The promise of a contract that pays, and the part by which its limits count.
package struct ClaimCover: Sendable, Hashable {
    package let layer: String
    package let component: String

    package init(layer: String, component: String) {
        self.layer = layer
        self.component = component
    }
}

/// Who acts, with what his certificate says.
package struct ClaimActor: Sendable, Hashable {
    package let caller: Caller
    /// The last day on which a claims officer's certificate counts.
    package let certifiedUntil: CalendarDate?

    package static let system = ClaimActor(.system)

    package init(_ caller: Caller, certifiedUntil: CalendarDate? = nil) {
        self.caller = caller
        self.certifiedUntil = certifiedUntil
    }

    var person: AuthorityQuestion.Person {
        AuthorityQuestion.Person(id: caller.id, level: caller.role.level, certifiedUntil: certifiedUntil)
    }
}

/// How a claim stands, as far as it is looked for by it. Made of the facts, at the time of the last of them.
struct ClaimStanding: Sendable, Hashable {
    /// No calendar says when it is due: a person has to look, before everything else.
    static let unknown: Int64 = 0
    static let never = Int64.max

    let state: ClaimState
    let handler: String?
    let level: AuthorityLevel
    let dueAt: Int64
    let breaches: Int64

    init(_ claim: Claim, at now: Instant, _ editions: ClaimEditions) {
        state = claim.state
        handler = claim.handler
        let marks = claim.facts.compactMap { fact -> ClockMark? in
            guard case .clockMarked(let mark) = fact.body else { return nil }
            return mark
        }
        breaches = Int64(marks.count { $0.percent >= ClockPolicy.breachPercent })
        let amount = claim.offer?.total ?? .zero
        let byAmount = editions.authority(at: now).level(for: amount) ?? .manager
        level = marks.map(\.level).reduce(byAmount) { max($0, $1) }
        dueAt = ClaimStanding.due(claim, at: now, editions)
    }

    private static func due(_ claim: Claim, at now: Instant, _ editions: ClaimEditions) -> Int64 {
        let readings = claim.clocks(at: now, policies: editions.clocks(of: claim), calendar: editions.calendar)
        let running = readings.filter { $0.run.stoppedAt == nil }
        guard running.allSatisfy({ $0.dueAt != nil }) else { return unknown }
        return running.compactMap { $0.dueAt?.microseconds }.min() ?? never
    }
}
