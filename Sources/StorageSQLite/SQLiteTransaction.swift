import Core
import GRDB
import GRDBSQLite
import Storage

/// What one body sees of a connection.
final class SQLiteTransaction: Transaction {
    enum Access {
        case read
        case write
    }

    let now: Instant
    /// The error with which SQLite itself rolled everything back, the batch's other bodies included. A body that
    /// swallows it must not go on as if nothing had happened: its next statement would commit on its own.
    private(set) var endedBy: SQLiteError?
    private(set) var touched: [String] = []
    private let connection: GRDB.Database
    private let access: Access

    init(on connection: GRDB.Database, access: Access, now: Instant) {
        self.connection = connection
        self.access = access
        self.now = now
    }

    func touch(_ topic: String) {
        touched.append(topic)
    }

    func execute(_ sql: Storage.SQL) throws -> Int {
        try run(sql) { statement in
            let before = connection.totalChangesCount
            while try statement.step() {}
            // SQLite keeps the last count for a statement that changes no row, a table's creation for example.
            return connection.totalChangesCount == before ? 0 : connection.changesCount
        }
    }

    func rows(_ sql: Storage.SQL) throws -> [Storage.Row] {
        try run(sql) { statement in
            var rows: [Storage.Row] = []
            while try statement.step() {
                rows.append(try statement.row())
            }
            return rows
        }
    }

    func first(_ sql: Storage.SQL) throws -> Storage.Row? {
        try run(sql) { statement in
            guard try statement.step() else { return nil }
            let row = try statement.row()
            // A write's foreign keys are checked when it ends, after its last row.
            while try !statement.isReadOnly && statement.step() {}
            return row
        }
    }

    private func run<Value>(_ sql: Storage.SQL, _ body: (PreparedStatement) throws -> Value) throws -> Value {
        guard connection.isInsideTransaction else {
            throw endedBy?.translated ?? SQLiteError(.SQLITE_ABORT, "the transaction is over before: \(sql.text)")
        }
        do {
            let statement = try PreparedStatement(sql.text, on: connection)
            defer { statement.reset() }
            try check(statement)
            try statement.bind(sql.binds)
            return try body(statement)
        } catch let error as SQLiteError {
            if !connection.isInsideTransaction { endedBy = error }
            throw error.translated
        }
    }

    /// A store in memory reads on the connection that writes, which would let a reader write.
    private func check(_ statement: PreparedStatement) throws(SQLiteError) {
        guard access == .read, !statement.isReadOnly else { return }
        throw SQLiteError(.SQLITE_READONLY, "a reader may not run: \(statement.text)")
    }
}
