package import Core

/// What the platform pays in a dealer's place, and what it gets back: the fold of its facts. At every instant what was
/// advanced is what was recovered, what was written off and what is outstanding.
package struct Advance: Sendable, Hashable {
    package let terms: AdvanceTerms
    package private(set) var facts: [AdvanceFact]
    package private(set) var stage: AdvanceStage = .requested
    package private(set) var signers: [String] = []
    package private(set) var paymentReference: String?
    package private(set) var paidAt: Instant?
    package private(set) var advanced = Money.zero
    package private(set) var recovered = Money.zero
    package private(set) var writtenOff = Money.zero
    /// What of it the dealer has to bear, by the ruling that stands.
    package private(set) var dealersPart: Money
    package private(set) var receipts: [Payment] = []
    package private(set) var invoiced = Money.zero
    package private(set) var plan: InstalmentPlan?
    /// What had come in before the plan.
    private var recoveredBeforePlan = Money.zero
    package private(set) var isSuspended = false
    package private(set) var isOverturned = false
    private var writeOffSignature: WriteOffSignature?
    /// Of what was written off; the rest is not the dealer's any more.
    private var writtenOffByAuthority = Money.zero

    struct WriteOffSignature: Sendable, Hashable {
        let by: String
        let amount: Money
    }

    package var id: AdvanceID { terms.id }
    /// What the dealer owes.
    package var outstanding: Money { Money(fen: advanced.fen - recovered.fen - writtenOff.fen) }
    package var isLive: Bool { stage != .cancelled }

    /// - Throws: `Failure.claimFactsBroken` where no advance can have these facts.
    package init(facts: [AdvanceFact]) throws {
        guard let first = facts.first, first.number == 1, case .requested(let terms) = first.body else {
            throw Failure(.claimFactsBroken)
        }
        self.terms = terms
        dealersPart = terms.amount
        self.facts = [first]
        for fact in facts.dropFirst() { try record(fact) }
    }

    /// - Throws: `Failure.claimFactsBroken` where the fact does not follow.
    package mutating func record(_ fact: AdvanceFact) throws {
        guard let last = facts.last, fact.number == last.number + 1, fact.at >= last.at else {
            throw Failure(.claimFactsBroken, zh: "记录不连续", en: "Fact \(fact.number) does not follow the last one")
        }
        try fold(fact)
        facts.append(fact)
    }

    private mutating func fold(_ fact: AdvanceFact) throws {
        switch fact.body {
        case .requested: throw Failure(.claimFactsBroken)
        case .signed: signers.append(fact.by.id)
        case .approved:
            signers.append(fact.by.id)
            stage = .approved
        case .cancelled: stage = .cancelled
        case .paid(let reference):
            paymentReference = reference
            paidAt = fact.at
            advanced = terms.amount
            stage = .recovering
        case .depositDrawn(let payment), .received(let payment): receive(payment)
        case .invoiced(let amount, _): invoiced = amount
        case .planAgreed(let plan):
            self.plan = plan
            recoveredBeforePlan = recovered
        case .suspended: isSuspended = true
        case .lifted: isSuspended = false
        case .writeOffSigned(let amount): writeOffSignature = WriteOffSignature(by: fact.by.id, amount: amount)
        case .writtenOff(let amount):
            writtenOff = Money(fen: writtenOff.fen + amount.fen)
            writtenOffByAuthority = Money(fen: writtenOffByAuthority.fen + amount.fen)
            writeOffSignature = nil
            settleIfDone()
        case .overturned(let overturn): fold(overturn)
        }
    }

    private mutating func receive(_ payment: Payment) {
        receipts.append(payment)
        recovered = Money(fen: recovered.fen + payment.amount.fen)
        settleIfDone()
    }

    /// What is not the dealer's any more is the platform's own: the buyer keeps the money.
    private mutating func fold(_ overturn: Overturn) {
        recovered = Money(fen: recovered.fen - overturn.refundToDealer.fen)
        dealersPart = overturn.dealersPart
        writtenOffByAuthority = min(writtenOffByAuthority, Money(fen: dealersPart.fen - recovered.fen))
        writtenOff = Money(fen: writtenOffByAuthority.fen + advanced.fen - dealersPart.fen)
        plan = nil
        isOverturned = true
        settleIfDone()
    }

    private mutating func settleIfDone() {
        if outstanding == .zero { stage = .settled }
    }

    // MARK: What follows from how it stands

    /// Kept as long as everything that has fallen due has come in.
    package func isPlanKept(on day: CalendarDate) -> Bool {
        guard let plan else { return false }
        return recovered.fen - recoveredBeforePlan.fen >= plan.due(on: day).fen
    }

    /// Whether the dealer's listings are off the market by rule.
    package func mustSuspend(at now: Instant, policy: AdvancePolicy = .proposal2026) -> Bool {
        guard stage == .recovering, outstanding > .zero, let paidAt else { return false }
        let age = policy.age(since: paidAt, at: now)
        return (age == .suspendable || age == .forTheCourt) && !isPlanKept(on: now.dateInChina)
    }

    package func age(at now: Instant, policy: AdvancePolicy = .proposal2026) -> AdvancePolicy.Age? {
        stage == .recovering ? paidAt.map { policy.age(since: $0, at: now) } : nil
    }

    var pendingWriteOff: WriteOffSignature? { writeOffSignature }
}
