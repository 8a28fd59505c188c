package import Core

/// Something that happened to a claim: who, when, why. Facts are only ever added.
package struct ClaimFact: Sendable, Hashable {
    /// From 1, without a gap.
    package let number: Int64
    /// Never before the fact before it, whatever a clock does.
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
        case filed(Filing)
        case receiptConfirmed
        case answered
        case handlerChanged(HandlerChange)
        case assessmentBegun
        case asked(Question)
        case replied([Evidence])
        /// Without the answer that was waited for.
        case resumed
        case ruled(LiabilityRuling)
        case rulingContested([Evidence])
        case proposed(Offer)
        case accepted
        case disputed
        case sentBack
        /// The first of two signatures.
        case signed(Money)
        case approved(Money)
        case repairStarted(workshop: String)
        case repairFinished([Evidence])
        case paymentStarted
        case paid(BuyerPayment)
        case resultNotified
        case closed
        case rejected(Rejection)
        case appealed([Evidence])
        case withdrawn
        case reopened
        case evidenceAdded([Evidence])
        case noted
        case messaged
        case clockMarked(ClockMark)
        case attemptRefused(RefusedAttempt)
    }
}

package struct HandlerChange: Sendable, Hashable {
    package let kind: Kind
    package let from: String?
    package let to: String

    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case assigned
        case handedOver = "handed_over"
        case takenOver = "taken_over"
    }

    package init(_ kind: Kind, from: String?, to: String) {
        self.kind = kind
        self.from = from
        self.to = to
    }
}

/// What somebody is asked for, and until when.
package struct Question: Sendable, Hashable {
    package let of: WaitedFor
    package let dueAt: Instant

    package enum WaitedFor: String, Sendable, Hashable, CaseIterable {
        case buyer
        case dealer
        /// A third party's.
        case appraisal
    }

    package init(of: WaitedFor, dueAt: Instant) {
        self.of = of
        self.dueAt = dueAt.truncatedToMilliseconds
    }
}

/// What the buyer is offered, line by line.
package struct Offer: Sendable, Hashable {
    package let way: Way
    package let lines: [Line]
    package let validUntil: Instant
    /// Worked out by the program within the limits set for it; a person approves it all the same.
    package let isAutomatic: Bool

    package enum Way: String, Sendable, Hashable, CaseIterable {
        case repair
        case payment
        case refund
    }

    package struct Line: Sendable, Hashable {
        package let id: String
        package let asked: Money
        package let approved: Money
        package let reasons: [String]

        package init(id: String, asked: Money, approved: Money, reasons: [String]) {
            self.id = id
            self.asked = asked
            self.approved = approved
            self.reasons = reasons
        }
    }

    package init(way: Way, lines: [Line], validUntil: Instant, isAutomatic: Bool = false) {
        self.way = way
        self.lines = lines
        self.validUntil = validUntil.truncatedToMilliseconds
        self.isAutomatic = isAutomatic
    }

    package var total: Money { Money(fen: lines.reduce(0) { $0 + $1.approved.fen }) }
}

package struct Payment: Sendable, Hashable {
    /// Of the transfer; the same reference is the same payment, however often it is told.
    package let reference: String
    package let amount: Money

    package init(reference: String, amount: Money) {
        self.reference = reference
        self.amount = amount
    }
}

/// What the buyer was paid, and by whom.
package struct BuyerPayment: Sendable, Hashable {
    package let reference: String
    package let amount: Money
    package let payer: Payer

    package enum Payer: String, Sendable, Hashable, CaseIterable {
        /// Under the contract: this alone counts against what the contract promises.
        case platform
        /// What it bears itself, by a ruling or of its own will.
        case dealer
        /// The platform in the dealer's place. The reference is the number of the advance.
        case advance
    }

    package init(reference: String, amount: Money, by payer: Payer = .platform) {
        self.reference = reference
        self.amount = amount
        self.payer = payer
    }
}

package struct Rejection: Sendable, Hashable {
    package let code: ReasonCode
    /// Of the contract or the law.
    package let clause: String
    package let evidence: [Evidence]

    package init(code: ReasonCode, clause: String, evidence: [Evidence]) {
        self.code = code
        self.clause = clause
        self.evidence = evidence
    }
}

/// That somebody tried what he may not do.
package struct RefusedAttempt: Sendable, Hashable {
    package let who: Caller
    package let action: ClaimAction
    /// Of `AuthorityRefusal` or of the problem that he was told.
    package let code: String

    package init(who: Caller, action: ClaimAction, code: String) {
        self.who = who
        self.action = action
        self.code = code
    }
}

/// That a clock has come to a mark: recorded once, at the time at which it did.
package struct ClockMark: Sendable, Hashable {
    package let clock: ClockKind
    /// Of the clock's runs of this kind, from 1.
    package let run: Int64
    /// 50, 80; 100 is the breach.
    package let percent: Int64
    package let level: AuthorityLevel
    /// When the mark was reached, however late it is recorded.
    package let reachedAt: Instant

    package init(clock: ClockKind, run: Int64, percent: Int64, level: AuthorityLevel, reachedAt: Instant) {
        self.clock = clock
        self.run = run
        self.percent = percent
        self.level = level
        self.reachedAt = reachedAt.truncatedToMilliseconds
    }
}
