package import Core

extension Claim {
    /// Days for an appeal to the platform, from the rejection (rule of this platform).
    package static let appealDays = 15
    /// After which other ways remain (rule of this platform).
    package static let appealsMaximum = 1
    static let reasonLength = 1...2000
    private static let secondsPerDay: Int64 = 86_400

    /// What the input comes to. The claim itself is not changed: `record` what is returned.
    ///
    /// - Returns: nothing where the input was done before, such as a payment told twice.
    /// - Throws: `Failure`; `claimActionIllegal` names what would be legal now for this caller.
    package func apply(
        _ input: ClaimInput,
        by caller: Caller,
        why: String? = nil,
        at now: Instant
    ) throws -> [ClaimFact] {
        try requireParty(caller)
        if isRepeated(input) { return [] }
        guard ClaimPolicy.allows(input.action, to: caller.role, in: state) else {
            throw Failure.illegal(input.action, self, caller)
        }
        let why = try reason(why, for: input.action)
        // A clock that was set back does not reorder what happened.
        let at = max(now.truncatedToMilliseconds, facts.last?.at ?? now)
        return [
            ClaimFact(
                number: Int64(facts.count) + 1,
                at: at,
                by: caller,
                why: why,
                body: try body(of: input, by: caller, at: at)
            )
        ]
    }

    /// What this caller can do as the claim stands.
    package func legalActions(for caller: Caller) -> [ClaimAction] {
        isParty(caller) ? ClaimPolicy.actions(of: caller.role, in: state) : []
    }

    /// Buyers and dealers know of their own claims only: others are told that there is none.
    package func isParty(_ caller: Caller) -> Bool {
        switch caller.role {
        case .buyer: caller.id == filing.buyer
        case .dealer: caller.id == filing.dealer
        default: true
        }
    }

    private func requireParty(_ caller: Caller) throws {
        if !isParty(caller) { throw Failure(.claimNotYours) }
    }

    private func isRepeated(_ input: ClaimInput) -> Bool {
        switch input {
        case .pay(let payment): payments.contains(payment)
        case .markClock(let mark): marks.contains(mark.key)
        default: false
        }
    }

    private func reason(_ why: String?, for action: ClaimAction) throws -> String? {
        let length = why?.unicodeScalars.count ?? 0
        guard !action.needsReason || length > 0, why == nil || Claim.reasonLength.contains(length) else {
            throw Failure(
                .claimReasonMissing,
                faults: [
                    Fault("/why", "length", zh: "须为 1 至 2000 个字符", en: "Must have 1 to 2000 characters")
                ]
            )
        }
        return why
    }

    // MARK: What each input comes to

    private func body(of input: ClaimInput, by caller: Caller, at now: Instant) throws -> ClaimFact.Body {
        switch input {
        case .confirmReceipt: .receiptConfirmed
        case .answer: .answered
        case .assign(let to): try handlerChange(.assigned, to: to)
        case .handOver(let to): try handOver(to: to, by: caller)
        case .takeOver: try handlerChange(.takenOver, to: caller.id)
        case .assess: .assessmentBegun
        case .ask(let question): try asked(question, at: now)
        case .reply(let evidence): try replied(evidence, by: caller)
        case .resume: try resumed(by: caller, at: now)
        case .rule(let ruling): try ruled(ruling, by: caller)
        case .contestRuling(let evidence): try contested(evidence)
        case .propose(let offer): try proposed(offer, by: caller, at: now)
        case .accept: try accepted(at: now)
        case .dispute: .disputed
        case .sendBack: .sentBack
        case .approve(let amount, let signatures): try approved(amount, signatures, by: caller)
        case .startRepair(let workshop): try repairStarted(workshop)
        case .finishRepair(let evidence): .repairFinished(evidence)
        case .startPayment: try paymentStarted()
        case .pay(let payment): try paid(payment)
        case .notifyResult: try resultNotified()
        case .close: try closed(at: now)
        case .reject(let rejection): try rejected(rejection, by: caller)
        case .appeal(let evidence): try appealed(evidence, at: now)
        case .withdraw: .withdrawn
        case .reopen: .reopened
        case .addEvidence(let evidence): .evidenceAdded(try some(evidence))
        case .note: .noted
        case .message: .messaged
        case .markClock(let mark): .clockMarked(mark)
        case .refuse(let attempt): .attemptRefused(attempt)
        }
    }

    private func handlerChange(_ kind: HandlerChange.Kind, to: String) throws -> ClaimFact.Body {
        guard to != handler else {
            throw Failure(.claimInputInvalid, zh: "已由此人经办", en: "This person handles it already")
        }
        return .handlerChanged(HandlerChange(kind, from: handler, to: try named(to, "/to")))
    }

    private func handOver(to: String, by caller: Caller) throws -> ClaimFact.Body {
        guard caller.id == handler else {
            throw Failure(.claimOtherPerson, zh: "只有经办人可以移交", en: "Only whoever handles it hands it over")
        }
        return try handlerChange(.handedOver, to: to)
    }

    private func asked(_ question: Question, at now: Instant) throws -> ClaimFact.Body {
        guard question.dueAt > now else {
            throw Failure.invalid("/due_at", "past", zh: "期限须晚于现在", en: "Must be later than now")
        }
        return .asked(question)
    }

    private func replied(_ evidence: [Evidence], by caller: Caller) throws -> ClaimFact.Body {
        let isExpected =
            switch question?.of {
            case .buyer: caller.role == .buyer
            case .dealer: caller.role == .dealer
            case .appraisal: caller.role.level != nil
            case nil: false
            }
        guard isExpected else {
            throw Failure(.claimOtherPerson, zh: "等待的不是此人的答复", en: "Another's reply is waited for")
        }
        return .replied(evidence)
    }

    private func resumed(by caller: Caller, at now: Instant) throws -> ClaimFact.Body {
        if caller.role == .system, let question, now < question.dueAt {
            throw Failure(.claimTooEarly, zh: "\(question.dueAt) 前等待答复", en: "The reply is due at \(question.dueAt)")
        }
        return .resumed
    }

    private func ruled(_ ruling: LiabilityRuling, by caller: Caller) throws -> ClaimFact.Body {
        if state != .assessing, !isRulingContested { throw Failure.illegal(.rule, self, caller) }
        if isRulingContested, ruledBy == caller.id {
            throw Failure(.claimOtherPerson, zh: "对责任认定的异议须由另一人复核", en: "Another person reviews a contested ruling")
        }
        return .ruled(ruling)
    }

    private func contested(_ evidence: [Evidence]) throws -> ClaimFact.Body {
        guard ruling != nil, !isRulingContested else {
            throw Failure(.claimInputInvalid, zh: "没有可以提出异议的责任认定", en: "There is no ruling to contest")
        }
        return .rulingContested(try some(evidence))
    }

    private func proposed(_ offer: Offer, by caller: Caller, at now: Instant) throws -> ClaimFact.Body {
        guard !offer.lines.isEmpty, offer.total > .zero, offer.lines.allSatisfy({ $0.approved >= .zero }) else {
            throw Failure.invalid("/offer/lines", "no_amount", zh: "方案须有金额", en: "An offer has an amount")
        }
        guard offer.validUntil > now else {
            throw Failure.invalid("/offer/valid_until", "past", zh: "有效期须晚于现在", en: "Must be later than now")
        }
        guard offer.isAutomatic == (caller.role == .system) else {
            throw Failure.invalid("/offer/is_automatic", "wrong", zh: "与提出方案者不符", en: "Disagrees with who proposes")
        }
        return .proposed(offer)
    }

    private func accepted(at now: Instant) throws -> ClaimFact.Body {
        if let offer, now > offer.validUntil { throw Failure(.claimOfferExpired) }
        return .accepted
    }

    private func approved(_ amount: Money, _ needed: Int, by caller: Caller) throws -> ClaimFact.Body {
        guard let offer, amount == offer.total else { throw Failure(.claimAmountWrong) }
        guard !signers.contains(caller.id) else { throw Failure(.claimOtherPerson) }
        return signers.count + 1 < needed ? .signed(amount) : .approved(amount)
    }

    private func repairStarted(_ workshop: String) throws -> ClaimFact.Body {
        guard offer?.way == .repair else {
            throw Failure(.claimInputInvalid, zh: "方案不是维修", en: "The offer is no repair")
        }
        return .repairStarted(workshop: try named(workshop, "/workshop"))
    }

    private func paymentStarted() throws -> ClaimFact.Body {
        guard offer?.way != .repair else {
            throw Failure(.claimInputInvalid, zh: "方案是维修，应先维修", en: "The offer is a repair, which comes first")
        }
        return .paymentStarted
    }

    private func paid(_ payment: BuyerPayment) throws -> ClaimFact.Body {
        let isNew = !payments.contains { $0.reference == payment.reference }
        guard isNew, payment.amount > .zero, let approved, payment.amount.fen <= approved.fen - paid.fen else {
            throw Failure(.claimAmountWrong)
        }
        _ = try named(payment.reference, "/reference")
        return .paid(payment)
    }

    private func resultNotified() throws -> ClaimFact.Body {
        guard !isResultNotified else {
            throw Failure(.claimInputInvalid, zh: "结果已经告知", en: "The result has been told")
        }
        return .resultNotified
    }

    private func closed(at now: Instant) throws -> ClaimFact.Body {
        guard isResultNotified else {
            throw Failure(.claimTooEarly, zh: "结果尚未告知买方", en: "The buyer has not been told the result")
        }
        if state == .rejected, let until = appealableUntil, now <= until {
            throw Failure(.claimTooEarly, zh: "\(until) 前可以申诉", en: "It can be appealed until \(until)")
        }
        return .closed
    }

    private func rejected(_ rejection: Rejection, by caller: Caller) throws -> ClaimFact.Body {
        if deniers.contains(caller.id) {
            throw Failure(.claimOtherPerson, zh: "申诉须由未作出原决定的人审理", en: "An appeal is heard by somebody else")
        }
        guard !rejection.clause.isEmpty else {
            throw Failure.invalid("/clause", "required", zh: "须写明依据的条款", en: "Name the clause that it rests on")
        }
        _ = try some(rejection.evidence)
        return .rejected(rejection)
    }

    /// `nil` where it cannot be appealed any more, whenever that is asked.
    package var appealableUntil: Instant? {
        guard state == .rejected, appeals < Claim.appealsMaximum, let last = denials.last else { return nil }
        return last.at.adding(seconds: Int64(Claim.appealDays) * Claim.secondsPerDay)
    }

    private func appealed(_ evidence: [Evidence], at now: Instant) throws -> ClaimFact.Body {
        guard let until = appealableUntil, now <= until else { throw Failure(.claimAppealClosed) }
        return .appealed(evidence)
    }

    // MARK: Small checks

    private func some(_ evidence: [Evidence]) throws -> [Evidence] {
        guard !evidence.isEmpty else {
            throw Failure.invalid("/evidence", "required", zh: "须有证据", en: "Evidence is needed")
        }
        return evidence
    }

    private func named(_ text: String, _ pointer: String) throws -> String {
        guard !text.isEmpty else { throw Failure.invalid(pointer, "required", zh: "不能为空", en: "Must not be empty") }
        return text
    }
}

extension Failure {
    static func invalid(_ pointer: String, _ code: String, zh: String, en: String) -> Failure {
        Failure(.claimInputInvalid, zh: zh, en: en, faults: [Fault(pointer, code, zh: zh, en: en)])
    }

    /// Says what could be done instead.
    static func illegal(_ action: ClaimAction, _ claim: Claim, _ caller: Caller) -> Failure {
        let legal = claim.legalActions(for: caller).filter { $0 != action }.map(\.rawValue).joined(separator: ", ")
        let zh = "理赔\(claim.state.name.zh)，不能 \(action.rawValue)；现在可以：\(legal.isEmpty ? "无" : legal)"
        let en =
            "The claim is \(claim.state.name.en): `\(action.rawValue)` is not possible, only: "
            + (legal.isEmpty ? "nothing" : legal)
        return Failure(
            .claimActionIllegal,
            zh: zh,
            en: en,
            faults: [Fault("/action", "illegal_now", zh: zh, en: en)]
        )
    }
}
