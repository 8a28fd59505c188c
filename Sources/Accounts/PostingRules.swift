package import Core

/// What each business event does to the book. Pure: an amount in, postings out.
///
/// A loss runs so: the ruling opens a receivable from the dealer and a payable to the buyer (`opening`); the money is
/// drawn from the fund (`advance`) and paid out (`payment`); what the dealer pays, or its deposit, fills the fund again
/// (`recovery`, `depositDraw`) until nothing is outstanding, or the rest is written off.
package enum PostingRules {
    package static func deposit(by dealer: String, _ amount: Money) -> [Posting] {
        [.debit(.custody, amount), .credit(.deposit(of: dealer), amount)]
    }

    package static func depositReturn(to dealer: String, _ amount: Money) -> [Posting] {
        [.debit(.deposit(of: dealer), amount), .credit(.custody, amount)]
    }

    package static func funding(_ amount: Money) -> [Posting] {
        [.debit(.fund, amount), .credit(.owner, amount)]
    }

    package static func advance(for loss: String, _ amount: Money) -> [Posting] {
        [.debit(.advance(for: loss), amount), .credit(.fund, amount)]
    }

    package static func opening(from dealer: String, for loss: String, _ amount: Money) -> [Posting] {
        [.debit(.receivable(from: dealer, for: loss), amount), .credit(.payable(for: loss), amount)]
    }

    package static func fee(from dealer: String, for loss: String, _ amount: Money) -> [Posting] {
        [.debit(.receivable(from: dealer, for: loss), amount), .credit(.fees, amount)]
    }

    /// Only what was drawn for this loss can be paid for it, and only what is owed.
    package static func payment(for loss: String, _ amount: Money) -> [Posting] {
        [.debit(.payable(for: loss), amount), .credit(.advance(for: loss), amount)]
    }

    package static func recovery(from dealer: String, for loss: String, _ amount: Money) -> [Posting] {
        [.debit(.fund, amount), .credit(.receivable(from: dealer, for: loss), amount)]
    }

    /// The deposit is the dealer's money in custody: both become less, and the fund has it.
    package static func depositDraw(from dealer: String, for loss: String, _ amount: Money) -> [Posting] {
        [
            .debit(.deposit(of: dealer), amount),
            .credit(.receivable(from: dealer, for: loss), amount),
            .debit(.fund, amount),
            .credit(.custody, amount),
        ]
    }

    package static func writeOff(of dealer: String, for loss: String, _ amount: Money) -> [Posting] {
        [.debit(.writeOffs, amount), .credit(.receivable(from: dealer, for: loss), amount)]
    }

    /// The buyer keeps what was paid; the dealer owes nothing any more and gets back what it paid, as a deposit.
    ///
    /// - Throws: `Failure.amountOutOfRange`.
    package static func overturn(
        of dealer: String,
        for loss: String,
        outstanding: Money,
        recovered: Money
    ) throws -> [Posting] {
        let postings: [Posting] = [
            .debit(.borne, try outstanding.adding(recovered)),
            .credit(.receivable(from: dealer, for: loss), outstanding),
            .credit(.deposit(of: dealer), recovered),
            .debit(.custody, recovered),
            .credit(.fund, recovered),
        ]
        return postings.filter { $0.fen != 0 }
    }
}
