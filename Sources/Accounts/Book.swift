package import Core
package import Storage

/// The double-entry book. The verbs belong into a caller's transaction: what is decided and what is booked stand
/// together, or neither does.
///
/// Each event is posted once, by its kind and reference: whoever posts it again gets the journal of the first time, and
/// is told so. Every verb locks the head of the book until the commit, so that numbers have no gaps; it had better come
/// late in a transaction.
package enum Book {
    /// A journal, and whether this call posted it.
    package struct Posted: Sendable, Hashable {
        package let journal: Journal
        package let isNew: Bool
    }

    // MARK: Dealers' deposits

    @discardableResult
    package static func deposit(
        _ tx: any Transaction,
        by dealer: String,
        _ amount: Money,
        _ occasion: Occasion
    ) throws -> Posted {
        try post(tx, .deposit, occasion, PostingRules.deposit(by: dealer, positive(amount)))
    }

    /// - Throws: `Failure.depositShort`.
    @discardableResult
    package static func returnDeposit(
        _ tx: any Transaction,
        to dealer: String,
        _ amount: Money,
        _ occasion: Occasion
    ) throws -> Posted {
        try post(tx, .depositReturn, occasion, PostingRules.depositReturn(to: dealer, positive(amount)))
    }

    // MARK: The fund

    /// What the owner puts into the fund.
    @discardableResult
    package static func fund(_ tx: any Transaction, _ amount: Money, _ occasion: Occasion) throws -> Posted {
        try post(tx, .funding, occasion, PostingRules.funding(positive(amount)))
    }

    /// Sets money of the fund aside for a loss. The reference is the loss head: there is one advance for each.
    ///
    /// - Throws: `Failure.fundExhausted`.
    @discardableResult
    package static func drawAdvance(
        _ tx: any Transaction,
        for loss: String,
        _ amount: Money,
        _ occasion: Occasion
    ) throws -> Posted {
        try post(tx, .advance, occasion, PostingRules.advance(for: loss, positive(amount)))
    }

    /// - Throws: `Failure.accountShort` where more is paid than is owed, or than was drawn for this loss.
    @discardableResult
    package static func payBuyer(
        _ tx: any Transaction,
        for loss: String,
        _ amount: Money,
        _ occasion: Occasion
    ) throws -> Posted {
        try post(tx, .payment, occasion, PostingRules.payment(for: loss, positive(amount)))
    }

    // MARK: What a dealer owes

    /// A ruling: the dealer owes it to the platform, and the platform to the buyer.
    @discardableResult
    package static func openReceivable(
        _ tx: any Transaction,
        from dealer: String,
        for loss: String,
        _ amount: Money,
        _ occasion: Occasion
    ) throws -> Posted {
        try post(tx, .receivable, occasion, PostingRules.opening(from: dealer, for: loss, positive(amount)))
    }

    /// Costs that the dealer owes the platform besides.
    @discardableResult
    package static func chargeFee(
        _ tx: any Transaction,
        from dealer: String,
        for loss: String,
        _ amount: Money,
        _ occasion: Occasion
    ) throws -> Posted {
        try post(tx, .fee, occasion, PostingRules.fee(from: dealer, for: loss, positive(amount)))
    }

    /// The dealer pays; the fund has it back.
    ///
    /// - Throws: `Failure.receivableExceeded`.
    @discardableResult
    package static func recover(
        _ tx: any Transaction,
        from dealer: String,
        for loss: String,
        _ amount: Money,
        _ occasion: Occasion
    ) throws -> Posted {
        try post(tx, .recovery, occasion, PostingRules.recovery(from: dealer, for: loss, positive(amount)))
    }

    /// - Throws: `Failure.depositShort`, `Failure.receivableExceeded`.
    @discardableResult
    package static func drawDeposit(
        _ tx: any Transaction,
        from dealer: String,
        for loss: String,
        _ amount: Money,
        _ occasion: Occasion
    ) throws -> Posted {
        try post(tx, .depositDraw, occasion, PostingRules.depositDraw(from: dealer, for: loss, positive(amount)))
    }

    /// - Throws: `Failure.receivableExceeded`.
    @discardableResult
    package static func writeOff(
        _ tx: any Transaction,
        of dealer: String,
        for loss: String,
        _ amount: Money,
        _ occasion: Occasion
    ) throws -> Posted {
        try post(tx, .writeOff, occasion, PostingRules.writeOff(of: dealer, for: loss, positive(amount)))
    }

    /// A ruling was overturned after the buyer was paid: the platform bears what is outstanding, and gives back what it
    /// recovered, into the dealer's deposit. Before that, `reverse` takes back what was posted.
    ///
    /// - Throws: `Failure.receivableExceeded`, `Failure.fundExhausted`.
    @discardableResult
    package static func overturn(
        _ tx: any Transaction,
        of dealer: String,
        for loss: String,
        outstanding: Money,
        recovered: Money,
        _ occasion: Occasion
    ) throws -> Posted {
        guard outstanding >= .zero, recovered >= .zero else { throw Failure(.amountOutOfRange) }
        let postings = try PostingRules.overturn(of: dealer, for: loss, outstanding: outstanding, recovered: recovered)
        return try post(tx, .overturn, occasion, postings)
    }

    // MARK: Corrections

    /// Takes a journal back, once. A reversal itself stays.
    ///
    /// - Throws: `Failure.journalNotFound`; `Failure.journalRefused` for a reversal; what a shortage is called where
    ///   the money has moved on.
    @discardableResult
    package static func reverse(
        _ tx: any Transaction,
        _ number: Int64,
        reason: String,
        by: String
    ) throws -> Posted {
        guard let original = try journal(tx, number) else { throw Failure(.journalNotFound) }
        guard original.kind != .reversal else {
            throw Failure(.journalRefused, zh: "冲销凭证不能再被冲销", en: "A reversal cannot be reversed")
        }
        let draft = JournalDraft(
            .reversal,
            Occasion("\(number)", reason: reason, by: by),
            original.postings.map(\.reversed),
            reverses: number
        )
        return try BookStore.post(tx, draft)
    }

    private static func post(
        _ tx: any Transaction,
        _ kind: JournalKind,
        _ occasion: Occasion,
        _ postings: [Posting]
    ) throws -> Posted {
        try BookStore.post(tx, JournalDraft(kind, occasion, postings))
    }

    private static func positive(_ amount: Money) throws -> Money {
        guard amount > .zero else { throw Failure(.amountOutOfRange) }
        return amount
    }
}
