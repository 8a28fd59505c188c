package import Core

/// What somebody asks to be done to a claim.
package enum ClaimInput: Sendable, Hashable {
    case confirmReceipt
    case answer
    case assign(to: String)
    case handOver(to: String)
    case takeOver
    case assess
    case ask(Question)
    case reply([Evidence])
    case resume
    case rule(LiabilityRuling)
    case contestRuling([Evidence])
    case propose(Offer)
    case accept
    case dispute
    case sendBack
    /// - Parameter signatures: how many people have to approve of the amount, by `AuthorityTable`.
    case approve(Money, signatures: Int)
    case startRepair(workshop: String)
    case finishRepair([Evidence])
    case startPayment
    case pay(BuyerPayment)
    case notifyResult
    case close
    case reject(Rejection)
    case appeal([Evidence])
    case withdraw
    case reopen
    case addEvidence([Evidence])
    case note
    case message
    case markClock(ClockMark)
    case refuse(RefusedAttempt)

    package var action: ClaimAction {
        switch self {
        case .confirmReceipt: .confirmReceipt
        case .answer: .answer
        case .assign: .assign
        case .handOver: .handOver
        case .takeOver: .takeOver
        case .assess: .assess
        case .ask: .ask
        case .reply: .reply
        case .resume: .resume
        case .rule: .rule
        case .contestRuling: .contestRuling
        case .propose: .propose
        case .accept: .accept
        case .dispute: .dispute
        case .sendBack: .sendBack
        case .approve: .approve
        case .startRepair: .startRepair
        case .finishRepair: .finishRepair
        case .startPayment: .startPayment
        case .pay: .pay
        case .notifyResult: .notifyResult
        case .close: .close
        case .reject: .reject
        case .appeal: .appeal
        case .withdraw: .withdraw
        case .reopen: .reopen
        case .addEvidence: .addEvidence
        case .note: .note
        case .message: .message
        case .markClock: .markClock
        case .refuse: .refuse
        }
    }
}

extension ClaimAction {
    /// Whether it stands on nothing but the words of whoever does it.
    var needsReason: Bool {
        switch self {
        case .answer, .handOver, .takeOver, .ask, .reply, .resume, .rule, .contestRuling, .dispute, .sendBack, .reject,
            .appeal, .reopen, .note, .message:
            true
        case .confirmReceipt, .assign, .assess, .propose, .accept, .approve, .startRepair, .finishRepair, .startPayment,
            .pay, .notifyResult, .close, .withdraw, .addEvidence, .markClock, .refuse:
            false
        }
    }
}
