package import Core
package import History
package import Storage
package import Warranty

/// The verbs on claims. Each is called inside a transaction: what happened, the money that moved, what is held of a
/// contract's limits, the entries on the car's history and the deadlines that follow stand together, or none does.
///
/// Whoever changes a claim locks its row first, then what belongs to it, and the book last.
package struct Claims: Sendable {
    package let editions: ClaimEditions
    let histories: Histories
    let warranties: Warranties

    /// More than any claim has; outsiders are refused some before, so that there is room for those who settle it.
    static let factsMaximum = 5000
    static let outsidersFactsMaximum = 4000

    package init(histories: Histories, warranties: Warranties, editions: ClaimEditions = ClaimEditions()) {
        self.histories = histories
        self.warranties = warranties
        self.editions = editions
    }

    // MARK: Filing

    /// - Throws: `notFound` where there is no such contract, or it is not the caller's.
    package func file(_ tx: any Transaction, _ draft: ClaimDraft, by actor: ClaimActor) throws -> StoredClaim {
        let filing = try filing(tx, draft, by: actor.caller)
        let claim = try Claim(facts: [Claim.file(filing, by: actor.caller, at: tx.now)])
        let stored = StoredClaim(claim: claim, cover: nil)
        try ClaimStore.insert(tx, stored, ClaimStanding(claim, at: tx.now, editions))
        try keepEditions(tx, claim)
        for fact in claim.facts { try ClaimStore.insert(tx, fact, of: claim.id) }
        try DealerNotices.tell(tx, claim.facts, of: claim, editions.advances)
        try report(tx, from: nil, to: stored)
        // An automatic receipt is no answer: the clock of the answer goes on.
        return try assign(tx, try take(tx, stored, .confirmReceipt, by: .system))
    }

    // MARK: Looking

    /// - Parameter isLocked: for whoever is going to change it.
    /// - Throws: `claimNotYours` also where there is one that the caller may not know of.
    package func get(
        _ tx: any Transaction,
        _ id: ClaimID,
        for caller: Caller,
        isLocked: Bool = false
    ) throws -> StoredClaim {
        guard let stored = try ClaimStore.find(tx, id, isLocked: isLocked), stored.claim.isParty(caller) else {
            throw Failure(.claimNotYours)
        }
        return stored
    }

    package func clocks(of stored: StoredClaim, at now: Instant) -> [ClockReading] {
        stored.claim.clocks(at: now, policies: editions.clocks(of: stored.claim), calendar: editions.calendar)
    }

    // MARK: Acting

    /// One step. The signatures that an approval takes are found here, whatever the input says of them.
    ///
    /// - Throws: what `Claim.apply` throws; `claimAuthority`; `limitExceeded` where the contract pays no more;
    ///   `fundExhausted` where a ruling falls and what the dealer paid cannot be given back; `UniqueViolation` where
    ///   somebody else was faster.
    @discardableResult
    package func act(
        _ tx: any Transaction,
        _ id: ClaimID,
        _ input: ClaimInput,
        by actor: ClaimActor,
        why: String? = nil,
        if precondition: (StoredClaim) throws -> Void = { _ in }
    ) throws -> StoredClaim {
        let stored = try get(tx, id, for: actor.caller, isLocked: true)
        try precondition(stored)
        return try take(tx, stored, input, by: actor, why: why)
    }

    func take(
        _ tx: any Transaction,
        _ stored: StoredClaim,
        _ input: ClaimInput,
        by actor: ClaimActor,
        why: String? = nil
    ) throws -> StoredClaim {
        try refuseFlood(stored, actor)
        try refuseInvolved(stored, input, actor)
        try refuseRepeatedLines(input)
        let decision = try decide(tx, stored, input, by: actor)
        let facts = try stored.claim.apply(decision.input, by: actor.caller, why: why, at: tx.now)
        let next = try record(tx, stored, facts)
        if !facts.isEmpty { try decision.count(tx) }
        return next
    }

    /// Writes what happened, and everything that follows from it.
    ///
    /// - Parameter isRunning: the deadline of the version before is what runs at this moment, and ends by itself.
    func record(
        _ tx: any Transaction,
        _ stored: StoredClaim,
        _ facts: [ClaimFact],
        isRunning: Bool = false
    ) throws -> StoredClaim {
        guard !facts.isEmpty else { return stored }
        var next = stored
        for fact in facts { try next.claim.record(fact) }
        guard next.claim.facts.count <= Claims.factsMaximum else {
            throw Failure(.claimInputInvalid, zh: "理赔记录过多", en: "The claim has too many facts")
        }
        try replace(tx, stored, by: next)
        for fact in facts { try ClaimStore.insert(tx, fact, of: stored.id) }
        try moveLimits(tx, from: stored, to: next, facts)
        try report(tx, from: stored, to: next)
        try schedule(tx, from: isRunning ? nil : stored, to: next, facts)
        try DealerNotices.tell(tx, facts, of: next.claim, editions.advances)
        for fact in facts { try review(tx, from: stored.claim, to: next.claim, fact) }
        return next
    }

    /// - Throws: `UniqueViolation` where another was faster between our look and our write.
    func replace(_ tx: any Transaction, _ stored: StoredClaim, by next: StoredClaim) throws {
        let standing = ClaimStanding(next.claim, at: tx.now, editions)
        guard try ClaimStore.update(tx, next, standing, replacing: stored.version) else { throw UniqueViolation() }
    }

    // MARK: What is refused before anybody looks at the state

    private func refuseFlood(_ stored: StoredClaim, _ actor: ClaimActor) throws {
        let isOutsider = [.buyer, .dealer].contains(actor.caller.role)
        guard isOutsider, stored.claim.facts.count >= Claims.outsidersFactsMaximum else { return }
        throw Failure(
            .claimInputInvalid,
            zh: "这件理赔的记录已达上限，请联系理赔专员",
            en: "This claim can take no more; call its officer"
        )
    }

    /// Nobody settles what the own customer asks for, or what he said of the car himself.
    private func refuseInvolved(_ stored: StoredClaim, _ input: ClaimInput, _ actor: ClaimActor) throws {
        guard actor.caller.role.level != nil, [.rule, .propose, .reject].contains(input.action) else { return }
        let filing = stored.claim.filing
        if filing.adviser == actor.caller.id { throw Failure.involved(.ownCustomer) }
        if filing.inspector == actor.caller.id { throw Failure.involved(.ownInspection) }
    }

    private func refuseRepeatedLines(_ input: ClaimInput) throws {
        guard case .propose(let offer) = input else { return }
        guard Set(offer.lines.map(\.id)).count == offer.lines.count else {
            throw Failure.invalid("/offer/lines", "repeated", zh: "同一项目只能出现一次", en: "A line stands there twice")
        }
    }
}
