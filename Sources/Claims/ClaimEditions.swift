package import Core

/// By which editions of the rules claims are handled. What was begun by one goes on by it.
package struct ClaimEditions: Sendable {
    package var clocks: Schedule<ClockPolicies>
    package var authority: Schedule<AuthorityTable>
    package var adjudication: AdjudicationPolicy
    package var guide: RepairGuide
    package var advances: AdvancePolicy
    package var calendar: WorkingCalendar

    package init(
        clocks: Schedule<ClockPolicies> = ClockPolicies.schedule,
        authority: Schedule<AuthorityTable> = AuthorityTable.schedule,
        adjudication: AdjudicationPolicy = .proposal2026,
        guide: RepairGuide = .empty,
        advances: AdvancePolicy = .proposal2026,
        calendar: WorkingCalendar = .stateCouncil
    ) {
        self.clocks = clocks
        self.authority = authority
        self.adjudication = adjudication
        self.guide = guide
        self.advances = advances
        self.calendar = calendar
    }

    /// Of the day on which the claim was filed; the first edition for what is older.
    func clocks(of claim: Claim) -> ClockPolicies {
        let filedAt = claim.facts.first?.at ?? Instant(microseconds: 0)
        return clocks.edition(on: filedAt.dateInChina) ?? .shipped
    }

    func authority(at now: Instant) -> AuthorityTable {
        authority.edition(on: now.dateInChina) ?? .proposal2026
    }
}

extension RepairGuide {
    /// For as long as nobody has brought another: every part and every operation is looked at by a person.
    package static let empty = RepairGuide(
        version: "guide-empty",
        parts: [:],
        operations: [],
        hourlyRateMaximum: Money(fen: 200 * 100),
        priceTolerance: BasisPoints(1_000),
        source: .ownProposal
    )
}
