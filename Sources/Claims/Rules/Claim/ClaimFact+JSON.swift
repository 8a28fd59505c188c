package import Core

// Facts as they are kept: what is written is read again exactly, and nothing else is.

extension ClaimFact: Fact {
    /// The name of what happened: what a row is found by.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case filed
        case receiptConfirmed = "receipt_confirmed"
        case answered
        case handlerChanged = "handler_changed"
        case assessmentBegun = "assessment_begun"
        case asked
        case replied
        case resumed
        case ruled
        case rulingContested = "ruling_contested"
        case proposed
        case accepted
        case disputed
        case sentBack = "sent_back"
        case signed
        case approved
        case repairStarted = "repair_started"
        case repairFinished = "repair_finished"
        case paymentStarted = "payment_started"
        case paid
        case resultNotified = "result_notified"
        case closed
        case rejected
        case appealed
        case withdrawn
        case reopened
        case evidenceAdded = "evidence_added"
        case noted
        case messaged
        case clockMarked = "clock_marked"
        case attemptRefused = "attempt_refused"
    }
}

extension ClaimFact.Body: FactBody {
    package var kind: ClaimFact.Kind {
        switch self {
        case .filed: .filed
        case .receiptConfirmed: .receiptConfirmed
        case .answered: .answered
        case .handlerChanged: .handlerChanged
        case .assessmentBegun: .assessmentBegun
        case .asked: .asked
        case .replied: .replied
        case .resumed: .resumed
        case .ruled: .ruled
        case .rulingContested: .rulingContested
        case .proposed: .proposed
        case .accepted: .accepted
        case .disputed: .disputed
        case .sentBack: .sentBack
        case .signed: .signed
        case .approved: .approved
        case .repairStarted: .repairStarted
        case .repairFinished: .repairFinished
        case .paymentStarted: .paymentStarted
        case .paid: .paid
        case .resultNotified: .resultNotified
        case .closed: .closed
        case .rejected: .rejected
        case .appealed: .appealed
        case .withdrawn: .withdrawn
        case .reopened: .reopened
        case .evidenceAdded: .evidenceAdded
        case .noted: .noted
        case .messaged: .messaged
        case .clockMarked: .clockMarked
        case .attemptRefused: .attemptRefused
        }
    }

    package var data: JSON {
        switch self {
        case .receiptConfirmed, .answered, .assessmentBegun, .resumed, .accepted, .disputed, .sentBack, .paymentStarted,
            .resultNotified, .closed, .withdrawn, .reopened, .noted, .messaged:
            [:]
        case .filed(let filing): filing.json
        case .handlerChanged(let change): change.json
        case .asked(let question): question.json
        case .ruled(let ruling): ruling.json
        case .proposed(let offer): offer.json
        case .replied(let evidence), .rulingContested(let evidence), .repairFinished(let evidence),
            .appealed(let evidence), .evidenceAdded(let evidence):
            ["evidence": evidence.json]
        case .signed(let amount), .approved(let amount): ["amount": amount.json]
        case .repairStarted(let workshop): ["workshop": JSON(workshop)]
        case .paid(let payment): payment.json
        case .rejected(let rejection): rejection.json
        case .clockMarked(let mark): mark.json
        case .attemptRefused(let attempt): attempt.json
        }
    }

    package init?(_ kind: ClaimFact.Kind, stored data: inout ObjectReader) {
        let body: ClaimFact.Body? =
            switch kind {
            case .receiptConfirmed: .receiptConfirmed
            case .answered: .answered
            case .assessmentBegun: .assessmentBegun
            case .resumed: .resumed
            case .accepted: .accepted
            case .disputed: .disputed
            case .sentBack: .sentBack
            case .paymentStarted: .paymentStarted
            case .resultNotified: .resultNotified
            case .closed: .closed
            case .withdrawn: .withdrawn
            case .reopened: .reopened
            case .noted: .noted
            case .messaged: .messaged
            case .replied: data.storedList("evidence", Evidence.self).map { .replied($0) }
            case .rulingContested: data.storedList("evidence", Evidence.self).map { .rulingContested($0) }
            case .repairFinished: data.storedList("evidence", Evidence.self).map { .repairFinished($0) }
            case .appealed: data.storedList("evidence", Evidence.self).map { .appealed($0) }
            case .evidenceAdded: data.storedList("evidence", Evidence.self).map { .evidenceAdded($0) }
            case .signed: data.money("amount").map { .signed($0) }
            case .approved: data.money("amount").map { .approved($0) }
            case .repairStarted: data.text("workshop").map { .repairStarted(workshop: $0) }
            case .filed: Filing(stored: &data).map { .filed($0) }
            case .handlerChanged: HandlerChange(stored: &data).map { .handlerChanged($0) }
            case .asked: Question(stored: &data).map { .asked($0) }
            case .ruled: LiabilityRuling(stored: &data).map { .ruled($0) }
            case .proposed: Offer(stored: &data).map { .proposed($0) }
            case .paid: BuyerPayment(stored: &data).map { .paid($0) }
            case .rejected: Rejection(stored: &data).map { .rejected($0) }
            case .clockMarked: ClockMark(stored: &data).map { .clockMarked($0) }
            case .attemptRefused: RefusedAttempt(stored: &data).map { .attemptRefused($0) }
            }
        guard let body else { return nil }
        self = body
    }
}
