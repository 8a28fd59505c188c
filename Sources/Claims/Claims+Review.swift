import Core
import Storage

// What a review of a contested ruling does to what is paid in the dealer's place.
extension Claims {
    /// Where the dealer bears less than it did, what is too much is not asked of it any more. What was paid before the
    /// claim was reopened was another loss, and is left alone.
    func review(_ tx: any Transaction, from old: Claim, to new: Claim, _ fact: ClaimFact) throws {
        guard case .ruled(let ruling) = fact.body, old.isRulingContested, let approved = new.approved else { return }
        var left = try ruling.amount(of: .dealer, in: approved).fen - new.paid(by: .dealer).fen
        for advance in try AdvanceStore.all(tx, of: new.id) where advance.isLive && new.mayStillBear(advance) {
            let part = Money(fen: max(0, min(left, advance.dealersPart.fen)))
            left -= part.fen
            try Advances(self).reduce(tx, advance, to: part, by: fact)
        }
    }
}

extension Advances {
    /// The platform bears the rest, or does not pay at all where it has not yet: it is asked for anew, as far as the
    /// dealer does not pay what is left.
    fileprivate func reduce(
        _ tx: any Transaction,
        _ advance: Advance,
        to part: Money,
        by ruling: ClaimFact
    ) throws {
        guard part < advance.dealersPart else { return }
        let input: AdvanceInput = advance.paidAt == nil ? .cancel : .overturn(dealersPart: part)
        let policy = claims.editions.advances
        let facts = try advance.apply(input, by: ruling.by, why: ruling.why, at: tx.now, policy: policy)
        let next = try record(tx, advance, facts)
        for fact in facts { try follow(tx, fact, before: advance, after: next, why: ruling.why) }
        _ = try liftIfPaid(tx, next)
    }
}

extension Claim {
    /// Whether it is of what the claim is about now: not paid, or paid since the claim was reopened, if it was.
    package func mayStillBear(_ advance: Advance) -> Bool {
        advance.paidAt == nil || isPaidNow(advance.id.text)
    }
}
