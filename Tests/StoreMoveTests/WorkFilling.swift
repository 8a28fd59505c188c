import Cryptography
import Storage

/// The same for work to be done and for the book.
enum WorkFilling {
    static func fill(_ tx: any Transaction) throws {
        try jobs(tx)
        for (id, party, matter) in [("fund", String?.none, String?.none), ("receivable:org_B:l1", "org_B", "l1")] {
            try tx.execute(
                """
                INSERT INTO book_account (id, kind, party, matter, balance_fen, posting_count, opened_at)
                VALUES (\(id), \(party == nil ? "fund" : "receivable"), \(party), \(matter), \(500), \(1), \(7))
                """
            )
        }
        for number in 1...2 {
            try tx.execute(
                """
                INSERT INTO book_journal (number, kind, reference, reason, booked_by, at, day, reverses, digest)
                VALUES (
                    \(number), \(number == 1 ? "funding" : "reversal"), \("r"), \("因"), \("usr_1"), \(number),
                    \("2026-03-01"), \(number == 1 ? nil : 1), \(digest("journal \(number)"))
                )
                """
            )
        }
        try tx.execute(
            """
            INSERT INTO book_posting (journal, line, account, amount_fen, seq, balance_fen)
            VALUES (\(1), \(1), \("fund"), \(-500), \(1), \(500))
            """
        )
        try tx.execute(
            """
            INSERT INTO book_day (kind, day, debit_fen, credit_fen, closing_fen)
            VALUES (\("owner"), \("2026-03-01"), \(0), \(500), \(-500))
            """
        )
        try tx.execute("INSERT INTO book_head (one, journal_count, digest) VALUES (\(1), \(2), \(digest("journal 2")))")
    }

    private static func jobs(_ tx: any Transaction) throws {
        for (id, state, fault) in [("job_1", "waiting", String?.none), ("job_2", "dead", "因")] {
            try tx.execute(
                """
                INSERT INTO job (id, kind, key, payload, state, due_at, at, fence, attempts, fault, created_at)
                VALUES (
                    \(id), \("kind"), \(id), \("{}"), \(state), \(5), \(6), \(2), \(1), \(fault), \(4)
                )
                """
            )
        }
    }

    private static func digest(_ text: String) -> [UInt8] { SHA256.hash(Array(text.utf8)).bytes }
}
