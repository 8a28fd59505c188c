import Accounts
import Core
import Jobs
import Listings
import Storage

// What a step does to the book, and to the dealer's offers.
extension Advances {
    /// Posts what the fact says. Each is posted once by its reference, whatever is told again.
    func follow(
        _ tx: any Transaction,
        _ fact: AdvanceFact,
        before: Advance,
        after: Advance,
        why: String?
    ) throws {
        let (dealer, loss) = (after.terms.dealer, after.loss)
        func occasion(_ reference: String) -> Occasion {
            Occasion(reference, reason: Advances.reason(why) ?? fact.body.kind.rawValue, by: fact.by.id)
        }
        switch fact.body {
        case .paid:
            let amount = after.terms.amount
            try Book.openReceivable(tx, from: dealer, for: loss, amount, occasion(after.id.text))
            // By the loss: whatever advance it is asked for by, it is drawn once.
            try Book.drawAdvance(tx, for: loss, amount, occasion(loss))
            try Book.payBuyer(tx, for: loss, amount, occasion(after.id.text))
        case .depositDrawn(let payment):
            let reference = "\(after.id)/\(payment.reference)"
            try Book.drawDeposit(tx, from: dealer, for: loss, payment.amount, occasion(reference))
        case .received(let payment):
            let reference = "\(after.id)/\(payment.reference)"
            try Book.recover(tx, from: dealer, for: loss, payment.amount, occasion(reference))
        case .writtenOff(let amount):
            try Book.writeOff(tx, of: dealer, for: loss, amount, occasion("\(after.id)/\(fact.number)"))
        case .overturned(let overturn):
            try bear(tx, overturn, before: before, after: after, occasion("\(after.id)/\(fact.number)"))
        case .suspended: try suspend(tx, after, fact)
        case .lifted: try lift(tx, after, fact)
        case .requested, .signed, .approved, .cancelled, .invoiced, .planAgreed, .writeOffSigned: return
        }
    }

    private func bear(
        _ tx: any Transaction,
        _ overturn: Overturn,
        before: Advance,
        after: Advance,
        _ occasion: Occasion
    ) throws {
        let outstanding = Money(fen: before.outstanding.fen - after.outstanding.fen)
        let refund = overturn.refundToDealer
        // What was written off already is borne already.
        guard outstanding > .zero || refund > .zero else { return }
        try Book.overturn(
            tx,
            of: after.terms.dealer,
            for: after.loss,
            outstanding: outstanding,
            recovered: refund,
            occasion
        )
    }

    /// As much of what somebody said as the book has room for.
    private static func reason(_ why: String?) -> String? {
        guard let why, !why.isEmpty else { return nil }
        var text = why
        while text.utf8.count > JournalDraft.textBytesMaximum { text.removeLast() }
        return text
    }

    // MARK: What follows a payment

    /// The deposit is drawn, the rest invoiced, and the debt begins to age. The book is locked since the payment was
    /// posted: nobody else draws on the deposit before the commit.
    func collect(_ tx: any Transaction, _ advance: Advance) throws -> Advance {
        var next = advance
        let drawn = min(try Book.balance(tx, .deposit(of: advance.terms.dealer)), advance.outstanding)
        if drawn > .zero {
            next = try step(tx, next, .drawDeposit(Payment(reference: Advances.firstDraw, amount: drawn)), at: tx.now)
        }
        guard next.outstanding > .zero else { return next }
        let dueOn = tx.now.dateInChina.adding(days: Advances.invoiceDays)
        next = try step(tx, next, .invoice(dueOn: dueOn), at: tx.now)
        try Jobs.enqueue(
            tx,
            ClaimDeadlines.ageing,
            key: next.id.text,
            dueAt: next.nextAge(after: tx.now, claims.editions.advances),
            payload: ["advance": JSON(next.id)]
        )
        return next
    }

    private static let firstDraw = "deposit"

    /// A step of the program's own, with what it does to the book.
    func step(
        _ tx: any Transaction,
        _ advance: Advance,
        _ input: AdvanceInput,
        at instant: Instant
    ) throws -> Advance {
        let facts = try advance.apply(input, by: .system, at: instant, policy: claims.editions.advances)
        guard !facts.isEmpty else { return advance }
        let next = try record(tx, advance, facts)
        for fact in facts { try follow(tx, fact, before: advance, after: next, why: nil) }
        return next
    }

    // MARK: The dealer's offers

    /// As soon as nothing calls for it any more. A manager who was stricter than the rule lifts it himself, unless the
    /// debt is gone.
    func liftIfPaid(_ tx: any Transaction, _ advance: Advance) throws -> Advance {
        let isByRule = advance.suspendedBy?.role == .system
        guard advance.isSuspended, isByRule || advance.outstanding == .zero,
            !advance.mustSuspend(at: tx.now, policy: claims.editions.advances)
        else { return advance }
        return try step(tx, advance, .lift, at: tx.now)
    }

    private func suspend(_ tx: any Transaction, _ advance: Advance, _ fact: AdvanceFact) throws {
        try DealerSuspensions.suspend(
            tx,
            dealer: advance.terms.dealer,
            cause: advance.id.text,
            reason: "先行赔付欠款未清 / An advance is outstanding"
        )
        try enqueueOffers(tx, advance, fact)
    }

    private func lift(_ tx: any Transaction, _ advance: Advance, _ fact: AdvanceFact) throws {
        try DealerSuspensions.lift(tx, dealer: advance.terms.dealer, cause: advance.id.text)
        try enqueueOffers(tx, advance, fact)
    }

    /// A dealer may offer more cars than one transaction should touch. A publication that has begun before and is
    /// committed after finds nothing that stops it: the second look finds it.
    private func enqueueOffers(_ tx: any Transaction, _ advance: Advance, _ fact: AdvanceFact) throws {
        let looks: [(name: String, seconds: Int64)] = [("", 0), ("/again", Advances.secondLookSeconds)]
        for look in looks {
            try Jobs.enqueue(
                tx,
                ClaimDeadlines.offers,
                key: "\(advance.id)/\(fact.number)\(look.name)",
                dueAt: tx.now.adding(seconds: look.seconds),
                payload: ["dealer": JSON(advance.terms.dealer)]
            )
        }
    }

    /// Longer than any request lasts.
    private static let secondLookSeconds: Int64 = 120
}

extension Advance {
    var suspendedBy: Caller? {
        facts.last { fact in
            if case .suspended = fact.body { true } else { false }
        }?.by
    }

    /// When the debt comes to the next age, at the beginning of that day in China; after the last one each day, since a
    /// plan may be broken on any.
    func nextAge(after now: Instant, _ policy: AdvancePolicy) -> Instant {
        let opened = (paidAt ?? now).dateInChina
        let ages = [policy.reminderDays, policy.suspensionDays].map { opened.adding(days: Int($0)).startInChina }
        return ages.first { $0 > now } ?? now.dateInChina.adding(days: 1).startInChina
    }
}
