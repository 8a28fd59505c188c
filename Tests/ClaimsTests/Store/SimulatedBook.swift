import Core
import Cryptography
import Storage
import Testing

@testable import Accounts

/// The book, counted a second time by somebody else, journal by journal as it grows.
struct SimulatedBook {
    /// What was posted since the last look, and what the store says of the accounts that it touched.
    struct News: Sendable {
        let count: Int64
        let journals: [Journal]
        let balances: [AccountName: Money]
        let closings: [TrialBalanceLine]
    }

    private(set) var journalCount: Int64 = 0
    private(set) var lastDay = CalendarDate(daysSinceEpoch: 0)
    private var digest = Digest.zero
    private var references: Set<String> = []
    private var balances: [AccountName: Int64] = [:]
    private var closings: [AccountKind: Int64] = [:]

    func balance(_ account: AccountName) -> Money { Money(fen: balances[account] ?? 0) }

    func news(_ tx: any Transaction) throws -> News {
        let count = try tx.first("SELECT journal_count FROM book_head WHERE one = 1")?.integer(0) ?? 0
        guard count != journalCount else { return News(count: count, journals: [], balances: [:], closings: []) }
        var journals: [Journal] = []
        while let next = try Book.journal(tx, journalCount + 1 + Int64(journals.count)) { journals.append(next) }
        let touched = Set(journals.flatMap(\.postings).map(\.account))
        let day = journals.map(\.day).reduce(lastDay) { max($0, $1) }
        return News(
            count: count,
            journals: journals,
            balances: Dictionary(uniqueKeysWithValues: try touched.map { ($0, try Book.balance(tx, $0)) }),
            closings: try Book.trialBalance(tx, on: day)
        )
    }

    mutating func take(_ news: News) {
        for journal in news.journals { take(journal) }
        #expect(news.count == journalCount)
        for (account, balance) in news.balances {
            #expect(balance.fen == balances[account], "\(account.text)")
        }
        for line in news.closings { #expect(line.closing.fen == closings[line.kind] ?? 0, "\(line.kind)") }
        #expect(news.closings.reduce(0) { $0 + $1.closing.fen } == 0)
    }

    private mutating func take(_ journal: Journal) {
        journalCount += 1
        lastDay = max(lastDay, journal.day)
        let isNext = journal.number == journalCount && journal.digest == journal.digest(after: digest)
        let isNew = references.insert("\(journal.kind.rawValue) \(journal.occasion.reference)").inserted
        #expect(isNext && isNew && journal.postings.reduce(0) { $0 + $1.fen } == 0, "journal \(journal.number)")
        digest = journal.digest
        for posting in journal.postings {
            let isDebit = posting.account.kind.side == .debit
            balances[posting.account, default: 0] += isDebit ? posting.fen : -posting.fen
            closings[posting.account.kind, default: 0] += posting.fen
            #expect(balances[posting.account] ?? 0 >= 0, "\(posting.account.text) with journal \(journal.number)")
        }
    }
}
