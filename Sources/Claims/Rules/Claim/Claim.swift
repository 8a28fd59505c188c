package import Core

/// A claim as it stands: the fold of its facts, and nothing besides. Pure: no database, no clock.
package struct Claim: Sendable, Hashable {
    package let filing: Filing
    package private(set) var facts: [ClaimFact]
    package private(set) var state: ClaimState = .submitted
    package private(set) var handler: String?
    /// While it waits.
    package private(set) var question: Question?
    package private(set) var offer: Offer?
    package private(set) var ruling: LiabilityRuling?
    package private(set) var ruledBy: String?
    package private(set) var isRulingContested = false
    package private(set) var signers: [String] = []
    package private(set) var approved: Money?
    /// All that were ever made: one that is told again is known.
    package private(set) var payments: [BuyerPayment] = []
    /// How many of them were made before it was reopened.
    private var earlierPayments = 0
    package private(set) var denials: [Denial] = []
    package private(set) var appeals = 0
    package private(set) var isResultNotified = false
    package private(set) var marks: Set<ClockMark.Key> = []

    package var id: ClaimID { filing.claim }
    /// Since it was reopened, if it was.
    package var paid: Money { Money(fen: payments.dropFirst(earlierPayments).reduce(0) { $0 + $1.amount.fen }) }
    /// Everybody who has turned it down: none of them decides on it again.
    package var deniers: Set<String> { Set(denials.map(\.by)) }
    package var isOpen: Bool { ![.closed, .withdrawn].contains(state) }

    /// Of `paid`, what this payer paid.
    package func paid(by payer: BuyerPayment.Payer) -> Money {
        Money(fen: payments.dropFirst(earlierPayments).reduce(0) { $0 + ($1.payer == payer ? $1.amount.fen : 0) })
    }

    /// Whether this payment was made since it was reopened, if it was.
    func isPaidNow(_ reference: String) -> Bool {
        payments.dropFirst(earlierPayments).contains { $0.reference == reference }
    }

    package struct Denial: Sendable, Hashable {
        package let rejection: Rejection
        package let by: String
        package let at: Instant
    }

    package static func == (left: Claim, right: Claim) -> Bool { left.facts == right.facts }
    package func hash(into hasher: inout Hasher) { hasher.combine(facts) }

    /// - Throws: `Failure.claimFactsBroken` where no claim can have these facts.
    package init(facts: [ClaimFact]) throws {
        guard let first = facts.first, first.number == 1, case .filed(let filing) = first.body else {
            throw Failure(.claimFactsBroken)
        }
        self.filing = filing
        self.facts = [first]
        for fact in facts.dropFirst() { try record(fact) }
    }

    /// The first fact of a claim.
    package static func file(_ filing: Filing, by caller: Caller, at instant: Instant) -> ClaimFact {
        ClaimFact(number: 1, at: instant.truncatedToMilliseconds, by: caller, why: nil, body: .filed(filing))
    }

    /// - Throws: `Failure.claimFactsBroken` where the fact does not follow.
    package mutating func record(_ fact: ClaimFact) throws {
        guard let last = facts.last, fact.number == last.number + 1, fact.at >= last.at else {
            throw Failure(.claimFactsBroken, zh: "记录不连续", en: "Fact \(fact.number) does not follow the last one")
        }
        try fold(fact)
        facts.append(fact)
    }

    // MARK: What a fact changes

    private mutating func fold(_ fact: ClaimFact) throws {
        switch fact.body {
        case .filed: throw Failure(.claimFactsBroken, zh: "重复立案", en: "A claim is filed once")
        case .receiptConfirmed, .evidenceAdded, .noted, .messaged, .attemptRefused: break
        case .answered: if state == .submitted { state = .acknowledged }
        case .handlerChanged(let change): handler = change.to
        case .assessmentBegun, .replied, .resumed, .sentBack: reassess()
        case .asked(let question):
            state = .waiting
            self.question = question
        case .ruled(let ruling):
            self.ruling = ruling
            ruledBy = fact.by.id
            isRulingContested = false
        case .rulingContested: isRulingContested = true
        case .clockMarked(let mark): marks.insert(mark.key)
        case .rejected(let rejection):
            denials.append(Denial(rejection: rejection, by: fact.by.id, at: fact.at))
            isResultNotified = false
            state = .rejected
        case .appealed:
            appeals += 1
            state = .appealed
        case .withdrawn: state = .withdrawn
        case .reopened: reopen()
        case .closed: state = .closed
        case .resultNotified: isResultNotified = true
        case .proposed, .accepted, .disputed, .signed, .approved, .repairStarted, .repairFinished, .paymentStarted,
            .paid:
            foldSettlement(fact)
        }
    }

    private mutating func foldSettlement(_ fact: ClaimFact) {
        switch fact.body {
        case .proposed(let offer):
            self.offer = offer
            state = .proposed
        case .accepted: state = .accepted
        case .disputed: state = .disputed
        case .signed: signers.append(fact.by.id)
        case .approved(let amount):
            signers.append(fact.by.id)
            approved = amount
            state = .approved
        case .repairStarted: state = .repairing
        case .repairFinished, .paymentStarted: state = .paying
        case .paid(let payment):
            payments.append(payment)
            if paid == approved { state = .settled }
        default: break
        }
    }

    /// What was offered and signed before counts no more.
    private mutating func reassess() {
        state = .assessing
        question = nil
        offer = nil
        signers = []
    }

    private mutating func reopen() {
        state = .reopened
        question = nil
        offer = nil
        signers = []
        approved = nil
        // What comes now is paid besides.
        earlierPayments = payments.count
        isResultNotified = false
    }
}

extension ClockMark {
    /// A mark is recorded once.
    package struct Key: Sendable, Hashable {
        package let clock: ClockKind
        package let run: Int64
        package let percent: Int64
    }

    package var key: Key { Key(clock: clock, run: run, percent: percent) }
}
