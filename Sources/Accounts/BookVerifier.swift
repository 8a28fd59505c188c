import Core
import Cryptography
package import Storage

/// What the book comes to when everything is counted again from its postings.
package struct BookVerdict: Sendable, Hashable {
    package static let findingsMaximum = 100

    package let journalCount: Int64
    package let postingCount: Int64
    package let accountCount: Int64
    /// In words, with the number or the name of what is wrong. Empty where the book is whole.
    package let findings: [String]

    package var isWhole: Bool { findings.isEmpty }
}

extension Book {
    /// Recomputes everything: that journals are numbered without gaps and chained, that each comes to zero, that every
    /// account's postings are numbered without gaps and come to its balance, line by line, that no balance was ever
    /// below zero, and that the days add up.
    ///
    /// In one transaction, which sees one state however much is posted meanwhile.
    package static func verify(_ tx: any Transaction) throws -> BookVerdict {
        var verifier = BookVerifier()
        var last: Int64 = 0
        while true {
            let journals = try BookWalk.journals(tx, after: last)
            guard let end = journals.last?.number else { break }
            for journal in journals { verifier.take(journal) }
            last = end
        }
        try verifier.compareHead(BookWalk.head(tx))
        var name = ""
        while true {
            let accounts = try BookWalk.accounts(tx, after: name)
            guard let end = accounts.last?.name.text else { break }
            for account in accounts { verifier.compare(account) }
            name = end
        }
        for kind in AccountKind.allCases { verifier.compare(kind, try BookWalk.days(tx, kind)) }
        return verifier.verdict
    }
}

/// A journal and what its postings say of their accounts.
struct StoredJournal: Sendable, Hashable {
    let journal: Journal
    /// Of each posting: its number on the account, and the balance with it.
    let standings: [Standing]

    struct Standing: Sendable, Hashable {
        let seq: Int64
        let balance: Int64
    }

    var number: Int64 { journal.number }
}

/// Counts a book again. Pure: journals go in, in order, and what is kept of them is held against that.
struct BookVerifier: Sendable {
    private struct Fold: Sendable {
        var balance: Int64 = 0
        var count: Int64 = 0
    }

    private var count: Int64 = 0
    private var postingCount: Int64 = 0
    private var digest = Digest.zero
    private var references = Set<String>()
    private var reversed = Set<Int64>()
    private var folds: [AccountName: Fold] = [:]
    private var days: [AccountKind: [CalendarDate: BookDays.Line]] = [:]
    private var comparedAccounts: Int64 = 0
    private var findings: [String] = []

    var verdict: BookVerdict {
        let missing = Int64(folds.count) - comparedAccounts
        let rest = missing == 0 ? [] : ["\(missing) accounts with postings are not kept"]
        return BookVerdict(
            journalCount: count,
            postingCount: postingCount,
            accountCount: comparedAccounts,
            findings: findings + rest
        )
    }

    mutating func take(_ stored: StoredJournal) {
        let journal = stored.journal
        count += 1
        let expected = count
        check(journal.number == expected, "journal \(journal.number) is not number \(expected)")
        check(journal.digest == journal.digest(after: digest), "journal \(journal.number) has another digest")
        digest = journal.digest
        check(
            references.insert("\(journal.kind.rawValue) \(journal.occasion.reference)").inserted,
            "journal \(journal.number) posts an event again"
        )
        check(journal.postings.reduce(0) { $0 + $1.fen } == 0, "journal \(journal.number) does not come to zero")
        check((journal.kind == .reversal) == (journal.reverses != nil), "journal \(journal.number) reverses wrongly")
        if let reverses = journal.reverses {
            check(
                reverses < journal.number && reversed.insert(reverses).inserted,
                "journal \(journal.number) reverses \(reverses) again"
            )
        }
        for (posting, standing) in zip(journal.postings, stored.standings) { take(posting, standing, journal) }
    }

    private mutating func take(_ posting: Posting, _ standing: StoredJournal.Standing, _ journal: Journal) {
        postingCount += 1
        var fold = folds[posting.account] ?? Fold()
        fold.balance += posting.change
        fold.count += 1
        folds[posting.account] = fold
        let name = posting.account.text
        check(fold.balance >= 0, "\(name) is below zero with journal \(journal.number)")
        check(standing.balance == fold.balance, "\(name) has another balance with journal \(journal.number)")
        check(standing.seq == fold.count, "\(name) has a gap before journal \(journal.number)")
        let line = days[posting.account.kind]?[journal.day]
        days[posting.account.kind, default: [:]][journal.day] = BookDays.Line(
            day: journal.day,
            debit: (line?.debit ?? 0) + max(0, posting.fen),
            credit: (line?.credit ?? 0) + max(0, -posting.fen),
            closing: 0
        )
    }

    mutating func compareHead(_ head: BookStore.Head?) {
        let found = count
        check(head?.count ?? 0 == found, "the head counts \(head?.count ?? 0) journals, there are \(found)")
        check(head?.digest ?? .zero == digest, "the head has another digest than the last journal")
    }

    mutating func compare(_ account: Account) {
        comparedAccounts += 1
        let fold = folds[account.name] ?? Fold()
        let name = account.name.text
        check(account.balance.fen == fold.balance, "\(name) is kept at \(account.balance.fen), not \(fold.balance)")
        check(account.postingCount == fold.count, "\(name) counts \(account.postingCount) postings, not \(fold.count)")
        check(fold.count > 0, "\(name) has no posting")
    }

    mutating func compare(_ kind: AccountKind, _ kept: [BookDays.Line]) {
        var closing: Int64 = 0
        let counted = (days[kind] ?? [:]).values.sorted { $0.day < $1.day }.map { line in
            closing += line.debit - line.credit
            return BookDays.Line(day: line.day, debit: line.debit, credit: line.credit, closing: closing)
        }
        check(kept == counted, "the days of \(kind.rawValue) do not add up")
    }

    private mutating func check(_ holds: Bool, _ finding: @autoclosure () -> String) {
        guard !holds, findings.count < BookVerdict.findingsMaximum else { return }
        findings.append(finding())
    }
}

/// Every statement that goes through the whole book, some rows at a time.
enum BookWalk {
    private static let journalsPerStep = 200
    private static let postingsPerStep = journalsPerStep * JournalDraft.postingsMaximum
    private static let accountsPerStep = 500
    private static let daysMaximum = 100_000

    static func head(_ tx: any Transaction) throws -> BookStore.Head? {
        try tx.first("SELECT journal_count, digest FROM book_head WHERE one = 1").map { row in
            guard let digest = Digest(bytes: try row.blob(1)) else {
                throw StoredDataError("the book's head is damaged")
            }
            return BookStore.Head(count: try row.integer(0), digest: digest)
        }
    }

    static func journals(_ tx: any Transaction, after number: Int64) throws -> [StoredJournal] {
        let rows = try tx.rows(
            """
            SELECT \(BookStore.journalColumns)
            FROM book_journal
            WHERE number > \(number)
            ORDER BY number
            LIMIT \(journalsPerStep)
            """
        )
        guard let end = try rows.last?.integer(0) else { return [] }
        let postings = try tx.rows(
            """
            SELECT account, amount_fen, seq, balance_fen, journal
            FROM book_posting
            WHERE journal > \(number) AND journal <= \(end)
            ORDER BY journal, line
            LIMIT \(postingsPerStep)
            """
        )
        let byJournal = try Dictionary(grouping: postings) { try $0.integer(4) }
        return try rows.map { row in
            let own = byJournal[try row.integer(0)] ?? []
            return StoredJournal(
                journal: try Journal(row: row, own.map(Posting.init(row:))),
                standings: try own.map { .init(seq: try $0.integer(2), balance: try $0.integer(3)) }
            )
        }
    }

    static func accounts(_ tx: any Transaction, after name: String) throws -> [Account] {
        try tx.rows(
            """
            SELECT \(BookAccounts.columns)
            FROM book_account
            WHERE id > \(name)
            ORDER BY id
            LIMIT \(accountsPerStep)
            """
        ).map(Account.init(row:))
    }

    static func days(_ tx: any Transaction, _ kind: AccountKind) throws -> [BookDays.Line] {
        try tx.rows(
            """
            SELECT day, debit_fen, credit_fen, closing_fen
            FROM book_day
            WHERE kind = \(kind.rawValue)
            ORDER BY day
            LIMIT \(daysMaximum)
            """
        ).map { try BookDays.Line(row: $0, from: 0) }
    }
}
