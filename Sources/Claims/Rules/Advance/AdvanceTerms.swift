package import Core

package enum AdvanceTag: IDTag {
    package static let prefix = "adv"
}

package typealias AdvanceID = ID<AdvanceTag>

/// What a loss consists of. Each is advanced once.
package enum LossHead: String, Sendable, Hashable, CaseIterable {
    case repair
    case refund
    /// 惩罚性赔偿
    case punitiveDamages = "punitive_damages"
    case towing
    case transport
    case inspection
    case other
}

/// What the platform is to pay in place of a dealer.
package struct AdvanceTerms: Sendable, Hashable {
    package let id: AdvanceID
    package let claim: ClaimID
    package let head: LossHead
    package let dealer: String
    /// The dealer's part of the loss, by the ruling.
    package let amount: Money
    package let ground: Ground
    package let ruledAt: Instant
    /// From when on the platform pays.
    package let dueAt: Instant

    package enum Ground: String, Sendable, Hashable, CaseIterable {
        /// The dealer had its time and did not pay.
        case dealerInDefault = "dealer_in_default"
        /// The law makes the platform pay at once.
        case law
        /// What was sold with the car promises it at once.
        case package
    }

    package init(
        id: AdvanceID,
        claim: ClaimID,
        head: LossHead,
        dealer: String,
        amount: Money,
        ground: Ground,
        ruledAt: Instant,
        policy: AdvancePolicy = .proposal2026
    ) {
        let ruledAt = ruledAt.truncatedToMilliseconds
        self.id = id
        self.claim = claim
        self.head = head
        self.dealer = dealer
        self.amount = amount
        self.ground = ground
        self.ruledAt = ruledAt
        dueAt = policy.dueAt(ruledAt: ruledAt, ground: ground)
    }

    init(
        id: AdvanceID,
        claim: ClaimID,
        head: LossHead,
        dealer: String,
        amount: Money,
        ground: Ground,
        ruledAt: Instant,
        dueAt: Instant
    ) {
        self.id = id
        self.claim = claim
        self.head = head
        self.dealer = dealer
        self.amount = amount
        self.ground = ground
        self.ruledAt = ruledAt
        self.dueAt = dueAt
    }
}

/// When the platform pays, and what becomes of a dealer that owes it: our own proposal but for the grounds.
package struct AdvancePolicy: Sendable, Hashable {
    package let version: String
    /// What a dealer has to pay a ruling.
    package let dealerHours: Int64
    /// From the day on which the platform paid.
    package let reminderDays: Int64
    package let suspensionDays: Int64
    package let courtDays: Int64
    package let instalmentsMaximum: Int64
    package let instalmentDays: Int64
    package let source: RuleSource

    package static let proposal2026 = AdvancePolicy(
        version: "advance-2026-1",
        dealerHours: 48,
        reminderDays: 7,
        suspensionDays: 15,
        courtDays: 30,
        instalmentsMaximum: 12,
        instalmentDays: 30,
        source: .ownProposal
    )

    package init(
        version: String,
        dealerHours: Int64,
        reminderDays: Int64,
        suspensionDays: Int64,
        courtDays: Int64,
        instalmentsMaximum: Int64,
        instalmentDays: Int64,
        source: RuleSource
    ) {
        self.version = version
        self.dealerHours = dealerHours
        self.reminderDays = reminderDays
        self.suspensionDays = suspensionDays
        self.courtDays = courtDays
        self.instalmentsMaximum = instalmentsMaximum
        self.instalmentDays = instalmentDays
        self.source = source
    }

    package func dueAt(ruledAt: Instant, ground: AdvanceTerms.Ground) -> Instant {
        ground == .dealerInDefault ? ruledAt.adding(seconds: dealerHours * 3600) : ruledAt
    }

    /// How old a debt is.
    package enum Age: String, Sendable, Hashable, CaseIterable {
        case current
        case reminded
        case suspendable
        case forTheCourt = "for_the_court"
    }

    /// Whole days in China, the day of payment not counted.
    package func age(since opened: Instant, at now: Instant) -> Age {
        let days = Int64(now.dateInChina.daysSinceEpoch - opened.dateInChina.daysSinceEpoch)
        if days >= courtDays { return .forTheCourt }
        if days >= suspensionDays { return .suspendable }
        return days >= reminderDays ? .reminded : .current
    }
}

/// What a dealer pays in parts: they add up to the debt, to the fen.
package struct InstalmentPlan: Sendable, Hashable {
    package let parts: [Part]

    package struct Part: Sendable, Hashable {
        package let dueOn: CalendarDate
        package let amount: Money

        package init(dueOn: CalendarDate, amount: Money) {
            self.dueOn = dueOn
            self.amount = amount
        }
    }

    init(parts: [Part]) {
        self.parts = parts
    }

    /// - Throws: `Failure.advanceIllegal` for a number of parts that is not allowed.
    package init(_ debt: Money, parts count: Int64, from day: CalendarDate, policy: AdvancePolicy) throws {
        guard (2...policy.instalmentsMaximum).contains(count), debt > .zero else {
            throw Failure(
                .advanceIllegal,
                zh: "分期须为 2 至 \(policy.instalmentsMaximum) 期",
                en: "2 to \(policy.instalmentsMaximum) instalments"
            )
        }
        let amounts = try Money.split(debt, weights: Array(repeating: 1, count: Int(count)))
        parts = amounts.enumerated().map { index, amount in
            Part(dueOn: day.adding(days: (index + 1) * Int(policy.instalmentDays)), amount: amount)
        }
    }

    package var total: Money { Money(fen: parts.reduce(0) { $0 + $1.amount.fen }) }

    /// What has fallen due before this day.
    package func due(on day: CalendarDate) -> Money {
        Money(fen: parts.filter { $0.dueOn < day }.reduce(0) { $0 + $1.amount.fen })
    }
}
