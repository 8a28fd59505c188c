import Core
import GRDB
import GRDBSQLite
import Storage

/// Commits many writes with one `fsync`.
struct Batch {
    let connection: GRDB.Database
    let clock: any WallClock
    let ends: [BatchEnding]

    /// Runs each write in a savepoint of its own, so that one that throws leaves no trace and its neighbours do not
    /// notice, and commits them together.
    /// - Returns: what they touched.
    /// - Throws: what stopped the batch: `SQLiteError`, or whatever one of its ends threw. None of its writes happened
    ///   then, unless the error leaves that open.
    func commit(_ writes: [any PendingWork]) throws -> [String] {
        do {
            var touched: [String] = []
            try connection.run("BEGIN IMMEDIATE")
            let savepoint = try Savepoint(connection)
            for write in writes {
                touched += try run(write, in: savepoint)
            }
            try end(touched)
            try connection.run("COMMIT")
            return touched
        } catch {
            rollBack()
            throw error
        }
    }

    private func end(_ touched: [String]) throws {
        for ending in ends where touched.contains(ending.topic) {
            let transaction = SQLiteTransaction(on: connection, access: .write, now: clock.now())
            do {
                try ending.end(transaction)
            } catch {
                throw transaction.endedBy ?? error
            }
            if let error = transaction.endedBy { throw error }
            guard connection.isInsideTransaction else {
                throw SQLiteError(.SQLITE_MISUSE, "the end of a batch ended its transaction")
            }
        }
    }

    private func run(_ write: any PendingWork, in savepoint: Savepoint) throws(SQLiteError) -> [String] {
        try savepoint.begin()
        let transaction = SQLiteTransaction(on: connection, access: .write, now: clock.now())
        let wasRefused = isRefused(write, in: transaction)
        if let error = transaction.endedBy { throw error }
        guard connection.isInsideTransaction else {
            throw SQLiteError(.SQLITE_MISUSE, "the body of a write ended its transaction")
        }
        if wasRefused { try savepoint.rollBack() }
        try savepoint.release()
        return wasRefused ? [] : transaction.touched
    }

    private func isRefused(_ write: any PendingWork, in transaction: SQLiteTransaction) -> Bool {
        do {
            try write.run(in: transaction)
            try refuseOpenReferences()
            return false
        } catch {
            write.refuse(error)
            return true
        }
    }

    /// A deferred foreign key is checked at the commit, where it would take the whole batch down with it.
    private func refuseOpenReferences() throws(SQLiteError) {
        var open: CInt = 0
        var highest: CInt = 0
        sqlite3_db_status(connection.sqliteConnection, SQLITE_DBSTATUS_DEFERRED_FKS, &open, &highest, 0)
        guard open == 0 else {
            throw SQLiteError(.SQLITE_CONSTRAINT_FOREIGNKEY, "a deferred foreign key points nowhere")
        }
    }

    private func rollBack() {
        guard connection.isInsideTransaction else { return }
        try? connection.run("ROLLBACK")
    }
}

/// What ends the batches of which one write touched the topic.
struct BatchEnding: Sendable {
    let topic: String
    let end: BatchEnd
}

/// What a write can be taken back to, its statements looked up once for the whole batch.
private struct Savepoint {
    private let beginning: PreparedStatement
    private let end: PreparedStatement
    private let connection: GRDB.Database

    init(_ connection: GRDB.Database) throws(SQLiteError) {
        beginning = try PreparedStatement("SAVEPOINT body", on: connection)
        end = try PreparedStatement("RELEASE body", on: connection)
        self.connection = connection
    }

    func begin() throws(SQLiteError) {
        try beginning.runOnce()
    }

    func release() throws(SQLiteError) {
        try end.runOnce()
    }

    func rollBack() throws(SQLiteError) {
        try connection.run("ROLLBACK TO body")
    }
}
