import Cryptography
import Foundation
import GRDB
import GRDBSQLite
import Storage

/// The connections of a store, set up and checked.
struct SQLiteConnections: Sendable {
    let writer: DatabaseQueue
    /// In memory the writer itself, as nobody else can see its store.
    let readers: [DatabaseQueue]

    init(_ location: SQLiteLocation, readers count: Int) throws {
        switch location {
        case .memory:
            writer = try DatabaseQueue(configuration: .writer)
            readers = [writer]
        case .file(let path):
            writer = try DatabaseQueue(path: path, configuration: .writer.writingAhead)
            try writer.writeWithoutTransaction { try $0.makeDurable() }
            readers = try (0..<count).map { _ in try DatabaseQueue(path: path, configuration: .reader) }
        }
    }

    /// The writer last: it can only take the log away when nobody reads out of it.
    func close() throws {
        for reader in readers where reader !== writer { try reader.close() }
        try writer.close()
    }
}

extension Configuration {
    fileprivate static var writer: Configuration {
        var configuration = shared
        configuration.label = "store.writer"
        configuration.prepareDatabase { connection in
            // Before anything is written: a store that has pages keeps their size.
            try connection.execute(sql: "PRAGMA page_size = \(SQLiteLimits.pageBytes)")
            // Erased payloads are overwritten in the file, not merely unlinked.
            try connection.execute(sql: "PRAGMA secure_delete = ON")
            try connection.execute(sql: "PRAGMA cache_size = -\(SQLiteLimits.writerCacheKiB)")
        }
        return configuration
    }

    fileprivate static var reader: Configuration {
        var configuration = shared
        configuration.label = "store.reader"
        configuration.readonly = true
        return configuration
    }

    fileprivate var writingAhead: Configuration {
        var configuration = self
        configuration.journalMode = .wal
        return configuration
    }

    /// PostgreSQL's function of that name, for what migrations compute out of rows.
    private static let sha256 = DatabaseFunction("sha256", argumentCount: 1, pure: true) { values in
        switch values[0].storage {
        case .string(let text): Data(SHA256.hash(text.utf8).bytes)
        case .blob(let bytes): Data(SHA256.hash(bytes).bytes)
        case .null, .int64, .double: nil
        }
    }

    private static var shared: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(SQLiteLimits.busyTimeoutSeconds)
        configuration.foreignKeysEnabled = true
        // GRDB ends the process over a transaction that is left open. Here a transaction that cannot be ended makes
        // the next one fail, which is answered as every other failure.
        configuration.allowsUnsafeTransactions = true
        // Savepoints and sorts keep copies of rows: those belong in memory, not into files that nobody erases.
        configuration.prepareDatabase { connection in
            try connection.execute(sql: "PRAGMA temp_store = MEMORY")
            connection.add(function: sha256)
        }
        return configuration
    }
}

extension GRDB.Database {
    /// What SQLite calls `synchronous = FULL`: the log is flushed to the disk at every commit.
    private static let fullySynchronous = 2

    /// Comes after the connection is open: when it turns write-ahead logging on, GRDB sets `synchronous = NORMAL`,
    /// under which a power cut takes acknowledged commits along.
    fileprivate func makeDurable() throws {
        try execute(sql: "PRAGMA synchronous = FULL")
        let synchronous = try Int.fetchOne(self, sql: "PRAGMA synchronous")
        let journal = try String.fetchOne(self, sql: "PRAGMA journal_mode")
        guard synchronous == Self.fullySynchronous, journal == "wal" else {
            throw StoredDataError("the store cannot be made durable")
        }
    }
}
