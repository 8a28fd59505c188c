package import Core

extension Advance {
    /// - Parameter earlier: every advance of the same claim.
    /// - Throws: `Failure.advanceExists` where this loss was advanced, `.advanceIllegal` where it is too early.
    package static func request(
        _ terms: AdvanceTerms,
        earlier: [Advance],
        by caller: Caller,
        at now: Instant
    ) throws -> AdvanceFact {
        let isSame = earlier.contains { $0.terms.claim == terms.claim && $0.terms.head == terms.head && $0.isLive }
        guard !isSame else { throw Failure(.advanceExists) }
        guard terms.amount > .zero, caller.role == .system || caller.role.level != nil else {
            throw Failure(.advanceIllegal)
        }
        guard now >= terms.dueAt else {
            throw Failure(
                .advanceIllegal,
                zh: "商家在 \(terms.dueAt) 前可以自行付款",
                en: "Until \(terms.dueAt) the dealer can pay itself"
            )
        }
        return AdvanceFact(number: 1, at: now.truncatedToMilliseconds, by: caller, why: nil, body: .requested(terms))
    }

    /// What the input comes to. The advance itself is not changed: `record` what is returned.
    ///
    /// - Returns: nothing where the input was done before, such as a payment told twice.
    /// - Throws: `Failure.advanceIllegal`, `.claimAmountWrong` or `.claimOtherPerson`.
    package func apply(
        _ input: AdvanceInput,
        by caller: Caller,
        why: String? = nil,
        at now: Instant,
        policy: AdvancePolicy = .proposal2026
    ) throws -> [AdvanceFact] {
        if AdvanceRights.roles(input.action).contains(caller.role), isRepeated(input) { return [] }
        guard AdvanceRights.allows(input.action, to: caller.role, in: stage) else {
            throw illegal(input.action, caller)
        }
        let at = max(now.truncatedToMilliseconds, facts.last?.at ?? now)
        let body = try body(of: input, by: caller, at: at, policy)
        return [AdvanceFact(number: Int64(facts.count) + 1, at: at, by: caller, why: why, body: body)]
    }

    package func legalActions(for caller: Caller) -> [AdvanceAction] {
        AdvanceAction.allCases.filter { AdvanceRights.allows($0, to: caller.role, in: stage) }
    }

    private func isRepeated(_ input: AdvanceInput) -> Bool {
        switch input {
        case .pay(let reference): reference == paymentReference
        case .drawDeposit(let payment), .receive(let payment): receipts.contains(payment)
        case .suspend: isSuspended
        case .lift: !isSuspended
        default: false
        }
    }

    private func illegal(_ action: AdvanceAction, _ caller: Caller) -> Failure {
        let legal = legalActions(for: caller).map(\.rawValue).joined(separator: ", ")
        return Failure(
            .advanceIllegal,
            zh: "不能 \(action.rawValue)；现在可以：\(legal.isEmpty ? "无" : legal)",
            en: "`\(action.rawValue)` is not possible, only: \(legal.isEmpty ? "nothing" : legal)"
        )
    }

    // MARK: What each input comes to

    private func body(
        of input: AdvanceInput,
        by caller: Caller,
        at now: Instant,
        _ policy: AdvancePolicy
    ) throws -> AdvanceFact.Body {
        switch input {
        case .approve(let needed): try approved(needed, by: caller)
        case .cancel: .cancelled
        case .pay(let reference): try paid(reference)
        case .drawDeposit(let payment): .depositDrawn(try checked(payment))
        case .receive(let payment): .received(try checked(payment))
        case .invoice(let dueOn): .invoiced(outstanding, dueOn: dueOn)
        case .agreePlan(let parts):
            .planAgreed(try InstalmentPlan(outstanding, parts: parts, from: now.dateInChina, policy: policy))
        case .suspend: try suspended(caller, at: now, policy)
        case .lift: try lifted(caller, at: now, policy)
        case .writeOff(let amount, let needed): try writtenOff(amount, needed, by: caller)
        case .overturn(let part): .overturned(try overturned(part))
        }
    }

    private func approved(_ needed: Int, by caller: Caller) throws -> AdvanceFact.Body {
        guard !signers.contains(caller.id) else { throw Failure(.claimOtherPerson) }
        return signers.count + 1 < needed ? .signed : .approved
    }

    private func paid(_ reference: String) throws -> AdvanceFact.Body {
        guard !reference.isEmpty else {
            throw Failure.invalid("/reference", "required", zh: "不能为空", en: "Must not be empty")
        }
        return .paid(reference: reference)
    }

    private func checked(_ payment: Payment) throws -> Payment {
        let isNew = !receipts.contains { $0.reference == payment.reference }
        guard isNew, !payment.reference.isEmpty, payment.amount > .zero, payment.amount <= outstanding else {
            throw Failure(
                .claimAmountWrong,
                zh: "尚欠 \(outstanding.fen) 分",
                en: "\(outstanding.fen) fen are outstanding"
            )
        }
        return payment
    }

    /// The program goes by the rule; a manager can be stricter, with a reason of his own.
    private func suspended(_ caller: Caller, at now: Instant, _ policy: AdvancePolicy) throws -> AdvanceFact.Body {
        guard caller.role == .manager || mustSuspend(at: now, policy: policy) else {
            throw Failure(.advanceIllegal, zh: "尚未达到暂停上架的条件", en: "Nothing calls for a suspension yet")
        }
        return .suspended
    }

    private func lifted(_ caller: Caller, at now: Instant, _ policy: AdvancePolicy) throws -> AdvanceFact.Body {
        guard caller.role == .manager || !mustSuspend(at: now, policy: policy) else {
            throw Failure(.advanceIllegal, zh: "欠款未清，不能恢复上架", en: "The debt is still there")
        }
        return .lifted
    }

    private func writtenOff(_ amount: Money, _ needed: Int, by caller: Caller) throws -> AdvanceFact.Body {
        guard amount > .zero, amount <= outstanding else { throw Failure(.claimAmountWrong) }
        guard needed > 1 else { return .writtenOff(amount) }
        guard let first = pendingWriteOff, first.amount == amount else { return .writeOffSigned(amount) }
        guard first.by != caller.id else { throw Failure(.claimOtherPerson) }
        return .writtenOff(amount)
    }

    private func overturned(_ part: Money) throws -> Overturn {
        guard part >= .zero, part < dealersPart else {
            throw Failure(.claimAmountWrong, zh: "改判后商家承担的部分须少于原来的部分", en: "The dealer's part must be less than it was")
        }
        return Overturn(dealersPart: part, refundToDealer: Money(fen: max(0, recovered.fen - part.fen)))
    }
}
