import Core
import Cryptography
import Storage

/// Every statement that posts.
enum BookStore {
    /// In the order in which a row is read.
    static let journalColumns: SQL = "number, kind, reference, reason, booked_by, at, day, reverses, digest"

    /// What the next journal follows.
    struct Head: Sendable, Hashable {
        let count: Int64
        let digest: Digest
    }

    /// - Throws: `Failure` as the draft's rules and the balances have it; then nothing was posted.
    static func post(_ tx: any Transaction, _ draft: JournalDraft) throws -> Book.Posted {
        try draft.validate()
        let head = try lockHead(tx)
        if let existing = try find(tx, draft.kind, reference: draft.occasion.reference) {
            return Book.Posted(journal: try same(existing, as: draft), isNew: false)
        }
        let journal = numbered(draft, after: head, at: tx.now)
        try insert(tx, journal)
        try BookDays.add(tx, journal)
        return Book.Posted(journal: journal, isNew: true)
    }

    /// Nobody else posts until the commit.
    static func lockHead(_ tx: any Transaction) throws -> Head {
        let row = try tx.first(
            """
            INSERT INTO book_head (one, journal_count, digest)
            VALUES (1, 0, \(Digest.zero.bytes))
            ON CONFLICT (one) DO UPDATE
            SET journal_count = book_head.journal_count
            RETURNING journal_count, digest
            """
        )
        guard let row, let digest = Digest(bytes: try row.blob(1)) else {
            throw StoredDataError("the book's head is damaged")
        }
        return Head(count: try row.integer(0), digest: digest)
    }

    /// - Throws: `Failure.journalDiffers`.
    private static func same(_ existing: Journal, as draft: JournalDraft) throws -> Journal {
        guard Set(existing.postings) == Set(draft.postings), existing.reverses == draft.reverses else {
            throw Failure(
                .journalDiffers,
                zh: "该业务已记入第 \(existing.number) 号凭证，内容不同",
                en: "Journal \(existing.number) posted this event, with other content"
            )
        }
        return existing
    }

    private static func numbered(_ draft: JournalDraft, after head: Head, at: Instant) -> Journal {
        func journal(_ digest: Digest) -> Journal {
            Journal(
                number: head.count + 1,
                kind: draft.kind,
                occasion: draft.occasion,
                at: at,
                day: at.dateInChina,
                reverses: draft.reverses,
                postings: draft.postings,
                digest: digest
            )
        }
        return journal(journal(.zero).digest(after: head.digest))
    }

    private static func insert(_ tx: any Transaction, _ journal: Journal) throws {
        let accounts = try changeBalances(tx, journal)
        let lines = try journal.postings.enumerated().map { index, posting -> SQL in
            guard let account = accounts[posting.account] else { throw StoredDataError("an account was not changed") }
            return """
                INSERT INTO book_posting (journal, line, account, amount_fen, seq, balance_fen)
                VALUES (
                    \(journal.number),
                    \(index + 1),
                    \(posting.account.text),
                    \(posting.fen),
                    \(account.seq),
                    \(account.balance)
                )
                """
        }
        let changed = try tx.execute(all: [insertion(of: journal)] + lines + [advance(to: journal)])
        guard changed.last == 1 else { throw StoredDataError("the head of the book was not held") }
    }

    private static func insertion(of journal: Journal) -> SQL {
        """
        INSERT INTO book_journal (number, kind, reference, reason, booked_by, at, day, reverses, digest)
        VALUES (
            \(journal.number),
            \(journal.kind.rawValue),
            \(journal.occasion.reference),
            \(journal.occasion.reason),
            \(journal.occasion.by),
            \(journal.at.microseconds),
            \(journal.day.description),
            \(journal.reverses),
            \(journal.digest.bytes)
        )
        """
    }

    private static func advance(to journal: Journal) -> SQL {
        """
        UPDATE book_head
        SET journal_count = \(journal.number),
            digest = \(journal.digest.bytes)
        WHERE one = 1 AND journal_count = \(journal.number - 1)
        """
    }

    // MARK: Balances

    private struct Standing: Sendable, Hashable {
        let balance: Int64
        let seq: Int64
    }

    /// In the order of the postings: of several accounts that do not suffice the first one is named. Two journals never
    /// wait for each other's accounts, because only one of them holds the head.
    ///
    /// - Throws: what the shortage of an account is called.
    private static func changeBalances(
        _ tx: any Transaction,
        _ journal: Journal
    ) throws -> [AccountName: Standing] {
        try tx.execute(all: journal.postings.map { opening(of: $0.account, at: tx.now) })
        var accounts: [AccountName: Standing] = [:]
        for posting in journal.postings { accounts[posting.account] = try change(tx, posting) }
        return accounts
    }

    private static func opening(of account: AccountName, at: Instant) -> SQL {
        """
        INSERT INTO book_account (id, kind, party, matter, balance_fen, posting_count, opened_at)
        VALUES (
            \(account.text),
            \(account.kind.rawValue),
            \(account.party),
            \(account.matter),
            0,
            0,
            \(at.microseconds)
        )
        ON CONFLICT (id) DO NOTHING
        """
    }

    /// The balance is looked at and changed by one statement: whoever posts at the same time is seen or waits.
    private static func change(_ tx: any Transaction, _ posting: Posting) throws -> Standing {
        let row = try tx.first(
            """
            UPDATE book_account
            SET balance_fen = balance_fen + \(posting.change),
                posting_count = posting_count + 1
            WHERE id = \(posting.account.text)
                AND balance_fen + \(posting.change) >= 0
                AND balance_fen + \(posting.change) <= \(Money.maximumFen)
            RETURNING balance_fen, posting_count
            """
        )
        guard let row else {
            throw Failure(posting.change < 0 ? posting.account.kind.shortage : .amountOutOfRange)
        }
        return Standing(balance: try row.integer(0), seq: try row.integer(1))
    }

    // MARK: Reading journals

    static func find(_ tx: any Transaction, _ kind: JournalKind, reference: String) throws -> Journal? {
        try tx.first(
            """
            SELECT \(journalColumns)
            FROM book_journal
            WHERE kind = \(kind.rawValue) AND reference = \(reference)
            """
        ).map { try journal(tx, $0) }
    }

    static func find(_ tx: any Transaction, _ number: Int64) throws -> Journal? {
        try tx.first("SELECT \(journalColumns) FROM book_journal WHERE number = \(number)").map { try journal(tx, $0) }
    }

    static func reversal(_ tx: any Transaction, of number: Int64) throws -> Journal? {
        try tx.first("SELECT \(journalColumns) FROM book_journal WHERE reverses = \(number)").map {
            try journal(tx, $0)
        }
    }

    static func page(_ tx: any Transaction, before number: Int64, limit: Int) throws -> [Journal] {
        try tx.rows(
            """
            SELECT \(journalColumns)
            FROM book_journal
            WHERE number < \(number)
            ORDER BY number DESC
            LIMIT \(limit)
            """
        ).map { try journal(tx, $0) }
    }

    static func journal(_ tx: any Transaction, _ row: Row) throws -> Journal {
        let number = try row.integer(0)
        let postings = try tx.rows(
            """
            SELECT account, amount_fen
            FROM book_posting
            WHERE journal = \(number)
            ORDER BY line
            """
        )
        return try Journal(row: row, postings.map(Posting.init(row:)))
    }
}

extension Posting {
    init(row: Row) throws {
        let text = try row.text(0)
        guard let account = AccountName(text) else { throw StoredDataError("an account cannot be read: \(text)") }
        self.init(account, fen: try row.integer(1))
    }
}

extension Journal {
    init(row: Row, _ postings: [Posting]) throws {
        guard let kind = JournalKind(rawValue: try row.text(1)), let day = CalendarDate(try row.text(6)),
            let digest = Digest(bytes: try row.blob(8))
        else { throw StoredDataError("a journal cannot be read") }
        self.init(
            number: try row.integer(0),
            kind: kind,
            occasion: Occasion(try row.text(2), reason: try row.text(3), by: try row.text(4)),
            at: Instant(microseconds: try row.integer(5)),
            day: day,
            reverses: try row.optionalInteger(7),
            postings: postings,
            digest: digest
        )
    }
}
