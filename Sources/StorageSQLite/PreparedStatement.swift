import GRDB
import GRDBSQLite
import Storage

/// A statement out of GRDB's cache, run through SQLite's own interface: blobs come and go without a detour through
/// Foundation, a text keeps the NUL that it may hold, and nothing is looked up by name.
struct PreparedStatement {
    /// Held, so that the cache cannot finalize it meanwhile.
    private let cached: GRDB.Statement

    private var handle: OpaquePointer { cached.sqliteStatement }

    init(_ text: String, on connection: GRDB.Database) throws(SQLiteError) {
        do {
            cached = try connection.cachedStatement(sql: text)
        } catch let error as DatabaseError {
            throw SQLiteError(error)
        } catch {
            throw SQLiteError(.SQLITE_INTERNAL, "\(error)")
        }
    }

    var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }

    var text: String { cached.sql }

    func bind(_ values: [SQLValue]) throws(SQLiteError) {
        guard sqlite3_bind_parameter_count(handle) == values.count else {
            throw SQLiteError(.SQLITE_MISUSE, "a placeholder without a bind in: \(text)")
        }
        for (index, value) in zip(CInt(1)..., values) where bind(value, at: index) != SQLITE_OK {
            throw failure
        }
    }

    /// - Returns: whether a row is there.
    func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: true
        case SQLITE_DONE: false
        default: throw failure
        }
    }

    /// Makes the statement ready for its next use. Unfinished statements would keep a transaction from ending.
    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    func row() throws -> Storage.Row {
        let count = sqlite3_column_count(handle)
        var values: [SQLValue] = []
        values.reserveCapacity(Int(count))
        for column in 0..<count {
            values.append(try value(column))
        }
        return Storage.Row(values)
    }

    private var failure: SQLiteError {
        SQLiteError(of: sqlite3_db_handle(handle), statement: text)
    }

    private func bind(_ value: SQLValue, at index: CInt) -> CInt {
        switch value {
        case .null: sqlite3_bind_null(handle, index)
        case .integer(let number): sqlite3_bind_int64(handle, index, number)
        case .text(let text): bind(text, at: index)
        case .blob(let bytes): bind(bytes, at: index)
        }
    }

    private func bind(_ text: String, at index: CInt) -> CInt {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                sqlite3_bind_text64(
                    handle,
                    index,
                    characters.baseAddress,
                    UInt64(characters.count),
                    copied,
                    UInt8(SQLITE_UTF8)
                )
            }
        }
    }

    /// An empty array has no address, and SQLite takes a missing address for NULL.
    private func bind(_ bytes: [UInt8], at index: CInt) -> CInt {
        guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(handle, index, 0) }
        return sqlite3_bind_blob64(handle, index, bytes, UInt64(bytes.count), copied)
    }

    private func value(_ column: CInt) throws -> SQLValue {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_NULL: .null
        case SQLITE_INTEGER: .integer(sqlite3_column_int64(handle, column))
        case SQLITE_TEXT: .text(columnText(column))
        case SQLITE_BLOB: .blob(columnBlob(column))
        default: throw StoredDataError("column \(column) holds a floating-point number in: \(text)")
        }
    }

    private func columnText(_ column: CInt) -> String {
        let bytes = sqlite3_column_text(handle, column)
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    private func columnBlob(_ column: CInt) -> [UInt8] {
        let bytes = sqlite3_column_blob(handle, column)
        let count = Int(sqlite3_column_bytes(handle, column))
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }
}

/// `SQLITE_TRANSIENT`, a macro that Swift cannot import: SQLite copies what is bound before the call returns.
private var copied: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}

extension PreparedStatement {
    /// For a statement without binds or rows.
    func runOnce() throws(SQLiteError) {
        defer { reset() }
        _ = try step()
    }
}

extension GRDB.Database {
    /// Runs a statement without binds or rows: what begins and ends transactions.
    func run(_ text: String) throws(SQLiteError) {
        try PreparedStatement(text, on: self).runOnce()
    }
}
