package import Core
package import Storage

/// What an account came to, and how it got there.
package struct Account: Sendable, Hashable {
    package let name: AccountName
    /// On the account's own side; never negative.
    package let balance: Money
    package let postingCount: Int64
    package let openedAt: Instant

    package var json: JSON {
        [
            "account": JSON(name.text),
            "kind": JSON(name.kind.rawValue),
            "party": .optional(name.party) { JSON($0) },
            "matter": .optional(name.matter) { JSON($0) },
            "side": JSON(name.kind.side.rawValue),
            "balance": JSON(balance),
            "posting_count": .integer(postingCount),
            "opened_at": JSON(openedAt),
        ]
    }
}

/// A line of an account's statement.
package struct StatementLine: Sendable, Hashable {
    /// On this account, from 1 on, without gaps.
    package let seq: Int64
    /// A debit is positive, a credit negative.
    package let amount: Money
    package let balance: Money
    package let journal: Journal

    package var json: JSON {
        [
            "seq": .integer(seq),
            "amount": JSON(amount),
            "balance": JSON(balance),
            "journal": .integer(journal.number),
            "kind": JSON(journal.kind.rawValue),
            "reference": JSON(journal.occasion.reference),
            "reason": JSON(journal.occasion.reason),
            "at": JSON(journal.at),
            "day": JSON(journal.day),
        ]
    }
}

/// What all accounts of a kind came to on a day. Debits are positive, so that a column comes to zero.
package struct TrialBalanceLine: Sendable, Hashable {
    package let kind: AccountKind
    package let opening: Money
    package let debit: Money
    package let credit: Money
    package let closing: Money

    package var json: JSON {
        [
            "kind": JSON(kind.rawValue),
            "opening": JSON(opening),
            "debit": JSON(debit),
            "credit": JSON(credit),
            "closing": JSON(closing),
        ]
    }
}

extension Book {
    package static func journal(_ tx: any Transaction, _ number: Int64) throws -> Journal? {
        try BookStore.find(tx, number)
    }

    package static func journal(_ tx: any Transaction, _ kind: JournalKind, reference: String) throws -> Journal? {
        try BookStore.find(tx, kind, reference: reference)
    }

    /// What took a journal back, where something did.
    package static func reversal(_ tx: any Transaction, of number: Int64) throws -> Journal? {
        try BookStore.reversal(tx, of: number)
    }

    /// The newest first.
    package static func journals(
        _ tx: any Transaction,
        before number: Int64 = .max,
        limit: Int
    ) throws -> [Journal] {
        try BookStore.page(tx, before: number, limit: limit)
    }

    /// What an account came to. Another may change it before the commit, unless the book is held.
    package static func balance(_ tx: any Transaction, _ account: AccountName) throws -> Money {
        try BookAccounts.find(tx, account)?.balance ?? .zero
    }

    package static func account(_ tx: any Transaction, _ account: AccountName) throws -> Account? {
        try BookAccounts.find(tx, account)
    }

    /// Nobody else posts until the commit: what is read from now on stays so.
    package static func hold(_ tx: any Transaction) throws {
        _ = try BookStore.lockHead(tx)
    }

    /// A dealer's deposit and receivables, in the order of their names.
    package static func accounts(
        _ tx: any Transaction,
        of dealer: String,
        _ kind: AccountKind,
        after name: String = "",
        limit: Int
    ) throws -> [Account] {
        try BookAccounts.page(tx, of: dealer, kind, after: name, limit: limit)
    }

    /// Everything that is kept about a loss.
    package static func accounts(_ tx: any Transaction, about loss: String) throws -> [Account] {
        try BookAccounts.all(tx, about: loss)
    }

    /// The newest line first.
    package static func statement(
        _ tx: any Transaction,
        of account: AccountName,
        before seq: Int64 = .max,
        limit: Int
    ) throws -> [StatementLine] {
        try BookAccounts.statement(tx, of: account, before: seq, limit: limit)
    }

    /// Every kind of account, in one order.
    package static func trialBalance(_ tx: any Transaction, on day: CalendarDate) throws -> [TrialBalanceLine] {
        try AccountKind.allCases.map { kind in
            let line = try BookDays.last(tx, kind, upTo: day)
            let (debit, credit) = line?.day == day ? (line?.debit ?? 0, line?.credit ?? 0) : (0, 0)
            let closing = line?.closing ?? 0
            return TrialBalanceLine(
                kind: kind,
                opening: Money(fen: closing - debit + credit),
                debit: Money(fen: debit),
                credit: Money(fen: credit),
                closing: Money(fen: closing)
            )
        }
    }
}

/// Every statement that reads accounts.
enum BookAccounts {
    /// In the order in which a row is read.
    static let columns: SQL = "id, balance_fen, posting_count, opened_at"
    /// A loss has few: one of each kind and dealer.
    private static let accountsOfLoss = 100

    static func find(_ tx: any Transaction, _ name: AccountName) throws -> Account? {
        try tx.first("SELECT \(columns) FROM book_account WHERE id = \(name.text)").map(Account.init(row:))
    }

    static func page(
        _ tx: any Transaction,
        of dealer: String,
        _ kind: AccountKind,
        after name: String,
        limit: Int
    ) throws -> [Account] {
        try tx.rows(
            """
            SELECT \(columns)
            FROM book_account
            WHERE party = \(dealer) AND kind = \(kind.rawValue) AND id > \(name)
            ORDER BY id
            LIMIT \(limit)
            """
        ).map(Account.init(row:))
    }

    static func all(_ tx: any Transaction, about loss: String) throws -> [Account] {
        try tx.rows(
            """
            SELECT \(columns)
            FROM book_account
            WHERE matter = \(loss)
            ORDER BY id
            LIMIT \(accountsOfLoss)
            """
        ).map(Account.init(row:))
    }

    static func statement(
        _ tx: any Transaction,
        of account: AccountName,
        before seq: Int64,
        limit: Int
    ) throws -> [StatementLine] {
        let rows = try tx.rows(
            """
            SELECT seq, amount_fen, balance_fen, journal
            FROM book_posting
            WHERE account = \(account.text) AND seq < \(seq)
            ORDER BY seq DESC
            LIMIT \(limit)
            """
        )
        return try rows.map { row in
            guard let journal = try BookStore.find(tx, try row.integer(3)) else {
                throw StoredDataError("a posting lacks its journal")
            }
            return StatementLine(
                seq: try row.integer(0),
                amount: Money(fen: try row.integer(1)),
                balance: Money(fen: try row.integer(2)),
                journal: journal
            )
        }
    }
}

extension Account {
    init(row: Row) throws {
        let text = try row.text(0)
        guard let name = AccountName(text) else { throw StoredDataError("an account cannot be read: \(text)") }
        self.init(
            name: name,
            balance: Money(fen: try row.integer(1)),
            postingCount: try row.integer(2),
            openedAt: Instant(microseconds: try row.integer(3))
        )
    }
}
