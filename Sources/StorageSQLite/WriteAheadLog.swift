import GRDB
import GRDBSQLite
import Synchronization

/// Watches how long the write-ahead log is, and copies it into the store in time.
///
/// SQLite would do the same on its own at the end of a commit, and swallow the error: an `fsync` that failed there must
/// stop the store as one in a commit does. Here the callers have their answers before the copying begins, too.
final class WriteAheadLog: Sendable {
    private let pages = Atomic<Int>(0)
    private let pageBytes = Atomic<Int>(SQLiteLimits.pageBytes)

    var bytes: Int {
        let frameBytes = pageBytes.load(ordering: .relaxed) + SQLiteLimits.frameHeaderBytes
        return pages.load(ordering: .relaxed) * frameBytes
    }

    /// The connection calls back until it is closed, and must not outlive this object.
    func watch(_ connection: GRDB.Database) throws {
        if let bytes = try Int.fetchOne(connection, sql: "PRAGMA page_size") {
            pageBytes.store(bytes, ordering: .relaxed)
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        // Setting this hook also turns SQLite's own checkpoints off.
        sqlite3_wal_hook(
            connection.sqliteConnection,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                let log = Unmanaged<WriteAheadLog>.fromOpaque(context).takeUnretainedValue()
                log.pages.store(Int(pages), ordering: .relaxed)
                return SQLITE_OK
            },
            context
        )
    }

    /// Copies what no reader needs any more. It waits for nobody: what a reader still needs stays for the next time.
    func checkpoint(_ connection: GRDB.Database, whenLongerThan limitPages: Int) throws(SQLiteError) {
        guard pages.load(ordering: .relaxed) >= limitPages else { return }
        try checkpoint(connection, .passive)
    }

    /// Copies everything and empties the file, so that nothing erased can be read out of it.
    func truncate(_ connection: GRDB.Database) throws(SQLiteError) {
        guard connection.sqliteConnection != nil else { return }
        try checkpoint(connection, .truncate)
        pages.store(0, ordering: .relaxed)
    }

    private func checkpoint(_ connection: GRDB.Database, _ mode: GRDB.Database.CheckpointMode) throws(SQLiteError) {
        do {
            try connection.checkpoint(mode)
        } catch let error as DatabaseError {
            throw SQLiteError(error)
        } catch {
            throw SQLiteError(.SQLITE_INTERNAL, "\(error)")
        }
    }
}
