package import Core
package import Storage

/// What became of what a dealer owes for one loss, counted from the postings themselves.
package struct Recourse: Sendable, Hashable {
    package private(set) var opened = Money.zero
    package private(set) var fees = Money.zero
    /// Paid by the dealer, or drawn from its deposit.
    package private(set) var recovered = Money.zero
    package private(set) var writtenOff = Money.zero
    /// Borne by the platform, because the ruling was overturned.
    package private(set) var overturned = Money.zero
    package private(set) var outstanding = Money.zero

    /// Holds at every instant.
    package var isWhole: Bool {
        opened.fen + fees.fen == recovered.fen + writtenOff.fen + overturned.fen + outstanding.fen
    }

    /// - Parameter kind: of the journal, or of the one that it takes back.
    mutating func add(_ kind: JournalKind, _ posting: Posting) throws {
        let amount = Money(fen: posting.fen)
        outstanding = try outstanding.adding(amount)
        switch kind {
        case .receivable: opened = try opened.adding(amount)
        case .fee: fees = try fees.adding(amount)
        case .recovery, .depositDraw: recovered = try recovered.subtracting(amount)
        case .writeOff: writtenOff = try writtenOff.subtracting(amount)
        case .overturn: overturned = try overturned.subtracting(amount)
        case .deposit, .depositReturn, .funding, .advance, .payment, .reversal:
            throw StoredDataError("a receivable has a posting of another kind: \(kind.rawValue)")
        }
    }
}

extension Book {
    private static let linesPerStep = 100

    /// What became of what a dealer owes for one loss.
    package static func recourse(_ tx: any Transaction, from dealer: String, for loss: String) throws -> Recourse {
        let account = AccountName.receivable(from: dealer, for: loss)
        var recourse = Recourse()
        var last = Int64.max
        while true {
            let lines = try statement(tx, of: account, before: last, limit: linesPerStep)
            guard let end = lines.last?.seq else { return recourse }
            for line in lines {
                let original = try line.journal.reverses.map { number in
                    guard let original = try journal(tx, number) else { throw Failure(.journalNotFound) }
                    return original.kind
                }
                try recourse.add(original ?? line.journal.kind, Posting(account, fen: line.amount.fen))
            }
            last = end
        }
    }
}
