package import Core

/// What a decision about money is.
package enum Deed: String, Sendable, Hashable, CaseIterable {
    case approval
    case advance
    case writeOff = "write_off"
    /// Something given without a duty: to make up for how it went.
    case goodwill
}

/// How much whom may decide. An edition: versioned, dated, never changed.
package struct AuthorityTable: Sendable, Hashable {
    package let version: String
    package let effectiveFrom: CalendarDate
    package let limits: [AuthorityLevel: Limits]
    /// An advance above it takes two people, whoever they are.
    package let aloneAdvanceMaximum: Money
    package let source: RuleSource

    package struct Limits: Sendable, Hashable {
        package let claim: Money
        package let day: Money
        package let goodwill: Money

        package init(claimYuan: Int64, dayYuan: Int64, goodwillYuan: Int64) {
            claim = Money(fen: claimYuan * 100)
            day = Money(fen: dayYuan * 100)
            goodwill = Money(fen: goodwillYuan * 100)
        }
    }

    package init(
        version: String,
        effectiveFrom: CalendarDate,
        limits: [AuthorityLevel: Limits],
        aloneAdvanceMaximum: Money,
        source: RuleSource
    ) {
        self.version = version
        self.effectiveFrom = effectiveFrom
        self.limits = limits
        self.aloneAdvanceMaximum = aloneAdvanceMaximum
        self.source = source
    }

    /// The first edition. Public pages say only that limits rise by level; these amounts are our own proposal.
    package static let proposal2026 = AuthorityTable(
        version: "authority-2026-1",
        // 2026-01-01
        effectiveFrom: CalendarDate(daysSinceEpoch: 20_454),
        limits: [
            .junior: Limits(claimYuan: 500, dayYuan: 2_000, goodwillYuan: 100),
            .intermediate: Limits(claimYuan: 3_000, dayYuan: 12_000, goodwillYuan: 300),
            .senior: Limits(claimYuan: 10_000, dayYuan: 50_000, goodwillYuan: 1_000),
            .manager: Limits(claimYuan: 50_000, dayYuan: 200_000, goodwillYuan: 5_000),
        ],
        aloneAdvanceMaximum: Money(fen: 5_000 * 100),
        source: .ownProposal
    )

    package static let schedule = Schedule([(from: proposal2026.effectiveFrom, edition: proposal2026)])

    /// What this level decides alone, in one claim.
    package func claimLimit(_ deed: Deed, _ level: AuthorityLevel) -> Money {
        guard let limits = limits[level] else { return .zero }
        return deed == .goodwill ? limits.goodwill : limits.claim
    }

    /// The lowest level that can decide it; `nil` in the top band, which two managers decide.
    package func level(for amount: Money, _ deed: Deed = .approval) -> AuthorityLevel? {
        AuthorityLevel.allCases.first { amount <= claimLimit(deed, $0) }
    }

    /// How many people have to sign.
    package func signatures(for amount: Money, _ deed: Deed) -> Int {
        let isTopBand = level(for: amount, deed) == nil
        return isTopBand || deed == .advance && amount > aloneAdvanceMaximum ? 2 : 1
    }
}
