package import Core
package import Storage

/// The verbs on what the platform pays in a dealer's place. What is decided, booked and said to the claim stands
/// together, or none of it does: a process that dies at any point has paid once or not at all.
///
/// The claim's row is locked before anything of its advances is looked at; the book comes last.
package struct Advances: Sendable {
    let claims: Claims

    static let factsMaximum = 2000
    static let perClaimMaximum = 200
    /// What a dealer has to pay an invoice (rule of this platform).
    static let invoiceDays = 7

    package init(_ claims: Claims) {
        self.claims = claims
    }

    private var policy: AdvancePolicy { claims.editions.advances }

    // MARK: Looking

    /// - Throws: `notFound` also where the caller may not know of it.
    package func get(_ tx: any Transaction, _ id: AdvanceID, for caller: Caller) throws -> Advance {
        guard let advance = try AdvanceStore.find(tx, id), isVisible(advance, to: caller) else {
            throw Failure(.claimNotYours)
        }
        return advance
    }

    private func isVisible(_ advance: Advance, to caller: Caller) -> Bool {
        switch caller.role {
        case .dealer: advance.terms.dealer == caller.id
        case .buyer: false
        case .junior, .intermediate, .senior, .manager, .finance, .auditor, .system: true
        }
    }

    package func all(_ tx: any Transaction, of claim: ClaimID) throws -> [Advance] {
        try AdvanceStore.all(tx, of: claim)
    }

    // MARK: Asking for it

    /// - Parameter amount: the dealer's whole part of what is not paid, where it is not told.
    /// - Throws: `advanceIllegal` where the dealer bears nothing or has time yet; `advanceExists`.
    package func request(
        _ tx: any Transaction,
        _ id: ClaimID,
        _ head: LossHead,
        _ amount: Money? = nil,
        ground: AdvanceTerms.Ground = .dealerInDefault,
        by actor: ClaimActor
    ) throws -> Advance {
        let stored = try claims.get(tx, id, for: actor.caller, isLocked: true)
        let earlier = try AdvanceStore.all(tx, of: id)
        if earlier.contains(where: { $0.terms.head == head && $0.isLive }) { throw Failure(.advanceExists) }
        guard earlier.count < Advances.perClaimMaximum else { throw Failure(.advanceIllegal) }
        let open = try dealersPart(stored.claim, earlier)
        guard open > .zero, let ruledAt = stored.claim.ruledAt, !stored.claim.isRulingContested else {
            throw Failure(
                .advanceIllegal,
                zh: "商家没有应付而未付的部分",
                en: "There is nothing that the dealer has to pay and has not"
            )
        }
        guard amount ?? open <= open else {
            throw Failure(.claimAmountWrong, zh: "商家尚应承担 \(open.fen) 分", en: "The dealer's part is \(open.fen) fen")
        }
        let terms = AdvanceTerms(
            id: AdvanceID(at: tx.now),
            claim: id,
            head: head,
            dealer: stored.claim.filing.dealer,
            amount: amount ?? open,
            ground: ground,
            ruledAt: ruledAt,
            policy: policy
        )
        let fact = try Advance.request(terms, earlier: earlier, by: actor.caller, at: tx.now)
        let advance = try Advance(facts: [fact])
        try AdvanceStore.insert(tx, advance)
        try DealerNotices.tell(tx, advance.facts, of: advance)
        return advance
    }

    /// Of what was approved and is not paid, less what the dealer has paid itself and what is asked for already. What
    /// was paid before the claim was reopened was another loss.
    private func dealersPart(_ claim: Claim, _ earlier: [Advance]) throws -> Money {
        guard let ruling = claim.ruling, let approved = claim.approved else { return .zero }
        let part = try ruling.amount(of: .dealer, in: approved)
        let unpaid = Money(fen: approved.fen - claim.paid.fen)
        let live = earlier.filter { $0.isLive && claim.mayStillBear($0) }
        let advanced = live.reduce(0) { $0 + $1.terms.amount.fen }
        let underWay = live.filter { $0.paidAt == nil }.reduce(0) { $0 + $1.terms.amount.fen }
        let own = part.fen - claim.paid(by: .dealer).fen
        return Money(fen: max(0, min(own - advanced, unpaid.fen - underWay)))
    }

    // MARK: Acting

    /// One step. The signatures that an approval or a write-off takes are found here, whatever the input says of them.
    ///
    /// - Throws: what `Advance.apply` throws; `claimAuthority`; `fundExhausted`, `depositShort` and the like.
    @discardableResult
    package func act(
        _ tx: any Transaction,
        _ id: AdvanceID,
        _ input: AdvanceInput,
        by actor: ClaimActor,
        why: String? = nil,
        if precondition: (Advance) throws -> Void = { _ in }
    ) throws -> Advance {
        guard let claim = try AdvanceStore.claim(tx, of: id) else { throw Failure(.claimNotYours) }
        let stored = try claims.get(tx, claim, for: .system, isLocked: true)
        let advance = try get(tx, id, for: actor.caller)
        try precondition(advance)
        let decision = try decide(tx, stored.claim, advance, input, by: actor)
        let facts = try advance.apply(decision.input, by: actor.caller, why: why, at: tx.now, policy: policy)
        guard !facts.isEmpty else { return advance }
        try decision.day?.take(tx)
        let next = try record(tx, advance, facts)
        guard case .paid? = facts.first?.body else {
            for fact in facts { try follow(tx, fact, before: advance, after: next, why: why) }
            return try liftIfPaid(tx, next)
        }
        // The claim knows that its buyer was paid before the book is locked.
        let payment = BuyerPayment(reference: next.id.text, amount: next.terms.amount, by: .advance)
        _ = try claims.take(tx, stored, .pay(payment), by: actor)
        for fact in facts { try follow(tx, fact, before: advance, after: next, why: why) }
        return try collect(tx, next)
    }

    private struct Decision {
        let input: AdvanceInput
        var day: DecidedDay?
    }

    private func decide(
        _ tx: any Transaction,
        _ claim: Claim,
        _ advance: Advance,
        _ input: AdvanceInput,
        by actor: ClaimActor
    ) throws -> Decision {
        guard AdvanceRights.allows(input.action, to: actor.caller.role, in: advance.stage),
            let (deed, amount) = input.deed(of: advance)
        else { return Decision(input: input) }
        let day = try DecidedDay(tx, actor.caller.id)
        let question = AuthorityQuestion(
            deed,
            amount,
            by: actor.person,
            at: tx.now,
            decidedToday: day.before,
            adviser: claim.filing.adviser,
            inspector: claim.filing.inspector,
            deniers: claim.deniers,
            signers: deed == .advance ? advance.signers : []
        )
        let signatures = try claims.signatures(tx, question)
        let isTopBand = claims.editions.authority(at: tx.now).level(for: amount, deed) == nil
        let counted = isTopBand ? nil : day.adding(amount)
        return deed == .advance
            ? Decision(input: .approve(signatures: signatures), day: counted)
            : Decision(input: .writeOff(amount, signatures: signatures), day: counted)
    }

    /// - Throws: `UniqueViolation` where another was faster.
    func record(_ tx: any Transaction, _ advance: Advance, _ facts: [AdvanceFact]) throws -> Advance {
        var next = advance
        for fact in facts { try next.record(fact) }
        guard next.facts.count <= Advances.factsMaximum else { throw Failure(.advanceIllegal) }
        guard try AdvanceStore.update(tx, next, replacing: Int64(advance.facts.count)) else { throw UniqueViolation() }
        for fact in facts { try AdvanceStore.insert(tx, fact, of: advance.id) }
        try DealerNotices.tell(tx, facts, of: next)
        return next
    }
}

extension AdvanceInput {
    /// What authority is asked about it, and how much; `nil` for what takes none.
    fileprivate func deed(of advance: Advance) -> (Deed, Money)? {
        switch self {
        case .approve: (.advance, advance.terms.amount)
        case .writeOff(let amount, _): (.writeOff, amount)
        case .cancel, .pay, .drawDeposit, .invoice, .agreePlan, .receive, .suspend, .lift, .overturn: nil
        }
    }
}

extension Claim {
    /// That made the ruling which stands.
    var rulingFact: ClaimFact? { facts.last { $0.body.kind == .ruled } }
    var ruledAt: Instant? { rulingFact?.at }
}
