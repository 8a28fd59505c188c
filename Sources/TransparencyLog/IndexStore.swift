import Core
import Cryptography
import Ledger
import Storage

/// How much of the log the vehicle index covers, and its root.
struct IndexHead: Sendable, Hashable {
    let size: Int64
    let root: Digest
    /// `nil` before anything was signed.
    let note: String?

    static let nothing = IndexHead(size: 0, root: .zero, note: nil)
}

/// Every statement about the vehicle index.
enum IndexStore {
    static func head(_ tx: any Transaction) throws -> IndexHead {
        let row = try tx.first("SELECT size, root, note FROM log_index_head WHERE one = 1")
        guard let row else { return .nothing }
        return IndexHead(size: try row.integer(0), root: try LogStore.digest(row, 1), note: try row.text(2))
    }

    /// - Throws: `LogMoved`, or `UniqueViolation` before the first one, where somebody else has moved it meanwhile.
    static func advance(_ tx: any Transaction, from old: IndexHead, to new: IndexHead) throws {
        guard old.note != nil else {
            try tx.execute(
                """
                INSERT INTO log_index_head (one, size, root, note, signed_at)
                VALUES (1, \(new.size), \(new.root.bytes), \(new.note), \(tx.now.microseconds))
                """
            )
            return
        }
        let moved = try tx.execute(
            """
            UPDATE log_index_head
            SET size = \(new.size),
                root = \(new.root.bytes),
                note = \(new.note),
                signed_at = \(tx.now.microseconds)
            WHERE one = 1 AND size = \(old.size) AND root = \(old.root.bytes)
            """
        )
        guard moved == 1 else { throw LogMoved() }
    }

    static func page(_ tx: any Transaction, _ path: IndexPagePath) throws -> [UInt8]? {
        try tx.first("SELECT page FROM log_page WHERE path = \(path.bytes)")?.blob(0)
    }

    static func write(_ tx: any Transaction, _ pages: [IndexUpdate.Page]) throws {
        try tx.execute(
            later: pages.map { page in
                """
                INSERT INTO log_page (path, page)
                VALUES (\(page.path.bytes), \(page.bytes))
                ON CONFLICT (path) DO UPDATE
                SET page = excluded.page
                """
            }
        )
    }
}

/// The pages of the stored index.
struct StoredPages: IndexPageReader {
    let tx: any Transaction

    func page(at path: IndexPagePath) throws -> [UInt8]? {
        try IndexStore.page(tx, path)
    }
}
