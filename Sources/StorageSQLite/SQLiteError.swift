import Core
import GRDB
import GRDBSQLite
import Storage

/// What SQLite said, before it is translated into what `Database` promises. Carries the statement and never its binds:
/// those are people's data, and this text ends in a log.
package struct SQLiteError: Error, Sendable, CustomStringConvertible {
    let code: ResultCode
    private let message: String

    init(_ code: ResultCode, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The last error of a connection.
    init(of connection: OpaquePointer?, statement: String) {
        let code = ResultCode(rawValue: sqlite3_extended_errcode(connection))
        self.init(code, "\(String(cString: sqlite3_errmsg(connection))) in: \(statement)")
    }

    init(_ error: DatabaseError) {
        self.init(error.extendedResultCode, "\(error.message ?? "no message") in: \(error.sql ?? "no statement")")
    }

    package var description: String { "SQLite error \(code.rawValue): \(message)" }
}

extension SQLiteError {
    /// What a caller of `read` or `write` gets to see.
    var translated: any Error {
        switch code {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID: UniqueViolation()
        case .SQLITE_BUSY: Failure(.storeBusy, retryAfterSeconds: SQLiteLimits.retryAfterSeconds)
        case .SQLITE_FULL: Failure(.storeFull)
        case .SQLITE_READONLY: Failure(.storeReadOnly)
        case .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CANTOPEN: Failure(.storeLost)
        default: self
        }
    }

    /// Whether a batch that ended this way certainly left nothing behind. Anything else leaves the outcome open: after
    /// a failed `fsync` the kernel may have dropped the pages and call the next one a success, so it is never retried.
    var leavesTheStoreAsItWas: Bool {
        switch code {
        case .SQLITE_FULL, .SQLITE_BUSY, .SQLITE_READONLY: true
        default: false
        }
    }
}
