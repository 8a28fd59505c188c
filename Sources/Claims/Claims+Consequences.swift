import Core
import History
import Jobs
import Storage
import Warranty

// What follows from a fact, in the transaction that writes it.
extension Claims {
    // MARK: The contract's limits

    /// What is offered is held, so that it can be paid; what is paid is taken out of it; what falls through is given
    /// back. What the dealer bears, paid by itself or by the platform in its place, is no payment of the contract.
    func moveLimits(
        _ tx: any Transaction,
        from old: StoredClaim,
        to new: StoredClaim,
        _ facts: [ClaimFact]
    ) throws {
        guard let cover = new.cover, let warranty = new.warranty else { return }
        let paid = Claims.paidByContract(facts)
        let change = new.held.fen - old.held.fen + paid.fen
        guard paid > .zero || change != 0 else { return }
        let component = try warranties.component(tx, warranty, named: cover.component)
        let claim = new.id.text
        if paid > .zero {
            try warranties.pay(tx, paid, of: warranty, layer: cover.layer, claim: claim, component: component)
        }
        if change > 0 {
            try warranties.reserve(
                tx,
                Money(fen: change),
                of: warranty,
                layer: cover.layer,
                claim: claim,
                component: component,
                marketValue: try warranties.marketValue(tx, warranties.claimed(tx, warranty))
            )
        }
        if change < 0 {
            let back = Money(fen: -change)
            try warranties.release(tx, back, of: warranty, layer: cover.layer, claim: claim, component: component)
        }
    }

    private static func paidByContract(_ facts: [ClaimFact]) -> Money {
        let payments = facts.compactMap { fact -> BuyerPayment? in
            guard case .paid(let payment) = fact.body, payment.payer == .platform else { return nil }
            return payment
        }
        return Money(fen: payments.reduce(0) { $0 + $1.amount.fen })
    }

    // MARK: The car's history

    /// Puts on the car's history that it was claimed for, and what came of it.
    func report(_ tx: any Transaction, from old: StoredClaim?, to new: StoredClaim) throws {
        let claim = new.claim
        guard claim.filing.kind == .warranty else { return }
        if old == nil { return try reportFiling(tx, claim) }
        switch (old?.claim.state, claim.state) {
        case (.settled?, .settled), (.closed?, .closed): return
        case (_, .settled): try reportEnd(tx, claim, claim.outcome, paid: claim.paid)
        case (.rejected?, .closed): try reportEnd(tx, claim, "rejected", paid: nil)
        default: return
        }
    }

    private func reportFiling(_ tx: any Transaction, _ claim: Claim) throws {
        let component: [JSON.Member] = claim.filing.component.map { [.init("component", JSON($0))] } ?? []
        let data: [JSON.Member] = [
            .init("claim", JSON(claim.id)), .init("odometer_km", .integer(claim.filing.odometerKm)),
        ]
        try report(tx, claim, "warranty.claimed", ref: "claim/\(claim.id)", data + component)
    }

    private func reportEnd(_ tx: any Transaction, _ claim: Claim, _ outcome: String, paid: Money?) throws {
        let amount: [JSON.Member] = paid.map { [.init("paid_amount", JSON($0))] } ?? []
        let data: [JSON.Member] = [.init("claim", JSON(claim.id)), .init("outcome", JSON(outcome))]
        // A claim that is reopened comes to an end more than once.
        let ref = "claim/\(claim.id)/\(claim.facts.count)"
        try report(tx, claim, "warranty.settled", ref: ref, data + amount)
    }

    private func report(
        _ tx: any Transaction,
        _ claim: Claim,
        _ kind: String,
        ref: String,
        _ data: [JSON.Member]
    ) throws {
        let event: JSON = [
            "kind": JSON(kind),
            "occurred_at": JSON(tx.now.truncatedToMilliseconds),
            "ref": JSON(ref),
            "data": .object(data),
        ]
        _ = try histories.report(tx, event, on: claim.filing.vin)
    }

    // MARK: Deadlines

    /// - Parameter old: whose deadline is over; `nil` where that is what runs at this moment.
    func schedule(
        _ tx: any Transaction,
        from old: StoredClaim?,
        to new: StoredClaim,
        _ facts: [ClaimFact]
    ) throws {
        if let old { try Jobs.cancel(tx, ClaimDeadlines.clock, key: ClaimDeadlines.key(old)) }
        if let at = wake(new, at: tx.now) {
            try Jobs.enqueue(
                tx,
                ClaimDeadlines.clock,
                key: ClaimDeadlines.key(new),
                dueAt: at,
                payload: ["claim": JSON(new.id)]
            )
        }
        for fact in facts { try scheduleAdvance(tx, new.claim, fact) }
    }

    /// The dealer is in default when it has had its time and there is an amount, whichever comes last.
    private func scheduleAdvance(_ tx: any Transaction, _ claim: Claim, _ fact: ClaimFact) throws {
        guard [.ruled, .approved].contains(fact.body.kind), claim.approved != nil, let ruled = claim.rulingFact,
            let ruling = claim.ruling, ruling.rate(of: .dealer).value > 0
        else { return }
        try Jobs.enqueue(
            tx,
            ClaimDeadlines.advance,
            key: "\(claim.id)/\(fact.number)",
            dueAt: max(fact.at, editions.advances.dueAt(ruledAt: ruled.at, ground: .dealerInDefault)),
            payload: ["claim": JSON(claim.id), "ruling": .integer(ruled.number)]
        )
    }

    /// When something happens next without anybody doing anything.
    func wake(_ stored: StoredClaim, at now: Instant) -> Instant? {
        let claim = stored.claim
        guard claim.isOpen else { return nil }
        let policies = editions.clocks(of: claim)
        let mark = claim.nextMark(at: now, policies: policies, calendar: editions.calendar)
        // Marks that fell due between the last look and this one.
        let isLate = !claim.unrecordedMarks(at: now, policies: policies, calendar: editions.calendar).isEmpty
        let isPaused = clocks(of: stored, at: now).contains(where: \.isPaused)
        let answer = claim.state == .waiting ? claim.question?.dueAt : nil
        return [
            isLate ? now : nil,
            mark,
            answer.map { max($0, now) },
            // What is paused goes on by itself when nothing is left of what may be paused.
            isPaused ? now.adding(seconds: ClaimDeadlines.pausedLookSeconds) : nil,
        ].compactMap { $0 }.min()
    }
}

extension StoredClaim {
    /// What of the contract's limits is held for what was offered and is not paid yet.
    var held: Money {
        switch claim.state {
        case .proposed, .accepted, .approved, .repairing, .paying:
            Money(fen: max(0, (claim.offer?.total.fen ?? 0) - claim.paid.fen))
        case .submitted, .acknowledged, .assessing, .waiting, .disputed, .settled, .closed, .rejected, .appealed,
            .withdrawn, .reopened:
            .zero
        }
    }
}

extension Claim {
    /// In the words of the car's history.
    fileprivate var outcome: String {
        guard let offer else { return "paid" }
        if offer.way == .repair { return "repaired" }
        let asked = offer.lines.reduce(0) { $0 + $1.asked.fen }
        return paid.fen < asked ? "partly_paid" : "paid"
    }
}
