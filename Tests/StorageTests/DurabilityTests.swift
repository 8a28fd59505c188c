import FoundationEssentials
import Storage
import StorageSQLite
import Support
import Testing

@Suite struct DurabilityTests {
    static let settings = TextTable(
        """
        pragma         | value
        synchronous    | 2
        journal_mode   | wal
        foreign_keys   | 1
        secure_delete  | 1
        busy_timeout   | 5000
        """
    )

    @Test(arguments: settings.rows)
    func `the writer is set up to lose nothing`(row: TextTable.Row) async throws {
        let store = try await TestStore.notebook(in: .disk)
        let query: SQL =
            switch row["pragma"] {
            case "synchronous": "PRAGMA synchronous"
            case "journal_mode": "PRAGMA journal_mode"
            case "foreign_keys": "PRAGMA foreign_keys"
            case "secure_delete": "PRAGMA secure_delete"
            default: "PRAGMA busy_timeout"
            }
        let value = try await store.database.write { try $0.pragma(query) }
        let expected = Int64(row["value"]).map(SQLValue.integer) ?? .text(row["value"])
        #expect(value == expected)
    }

    @Test func `what was written is there after the store is opened again`() async throws {
        let directory = try TemporaryDirectory()
        let location = SQLiteLocation.file(path: directory.path("store.db"))
        let first = try await SQLiteDatabase.open(location)
        _ = try await Migrator(Notebook.migrations, dialect: .sqlite, database: first).apply()
        try await first.add(1)
        try await first.close()
        let second = try await SQLiteDatabase.open(location)
        #expect(try await second.ids() == [1])
        try await second.close()
    }

    @Test func `closing twice does no harm`() async throws {
        let store = try await TestStore.notebook(in: .disk)
        try await store.database.close()
        try await store.database.close()
    }

    @Test func `closing leaves one file, with everything in it`() async throws {
        let directory = try TemporaryDirectory()
        let database = try await SQLiteDatabase.open(.file(path: directory.path("store.db")))
        _ = try await Migrator(Notebook.migrations, dialect: .sqlite, database: database).apply()
        try await database.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["store.db"])
    }

    @Test func `nothing of what was deleted is left in the files`() async throws {
        let directory = try TemporaryDirectory()
        let database = try await SQLiteDatabase.open(.file(path: directory.path("store.db")))
        _ = try await Migrator(Notebook.migrations, dialect: .sqlite, database: database).apply()
        let secret = "粤B12345 owner"
        try await database.write { tx in
            try tx.add(1, secret)
            try tx.add(2, "kept")
        }
        try await database.truncateLog()
        #expect(try contains(secret, directory))
        _ = try await database.write { try $0.execute("DELETE FROM note WHERE id = 1") }
        try await database.truncateLog()
        #expect(try !contains(secret, directory))
        #expect(try contains("kept", directory))
        try await database.close()
    }

    @Test func `the write-ahead log is copied into the store before it grows long`() async throws {
        var limits = SQLiteLimits()
        limits.checkpointPages = 20
        let directory = try TemporaryDirectory()
        let database = try await SQLiteDatabase.open(.file(path: directory.path("store.db")), limits: limits)
        _ = try await Migrator(Notebook.migrations, dialect: .sqlite, database: database).apply()
        var longest = 0
        for id in 0..<200 {
            try await database.write { try $0.add(id, nil, Array(repeating: 1, count: 2000)) }
            longest = max(longest, database.logBytes)
        }
        #expect(longest > 0)
        #expect(longest < 40 * 8192)
        try await database.close()
    }

    static let locations = TextTable(
        """
        url                      | location
        sqlite::memory:          | memory
        sqlite:/var/lib/store.db | /var/lib/store.db
        sqlite:store.db          | store.db
        sqlite:                  | none
        postgres://host/store    | none
        store.db                 | none
        """
    )

    @Test(arguments: locations.rows)
    func `a store is found by its address`(row: TextTable.Row) {
        let expected: SQLiteLocation? =
            switch row["location"] {
            case "memory": .memory
            case "none": nil
            default: .file(path: row["location"])
            }
        #expect(SQLiteLocation(url: row["url"]) == expected)
    }

    @Test func `a directory that is not there cannot be opened`() async throws {
        let directory = try TemporaryDirectory()
        await #expect(throws: (any Error).self) {
            try await SQLiteDatabase.open(.file(path: directory.path("missing/store.db")))
        }
    }

    private func contains(_ text: String, _ directory: TemporaryDirectory) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).contains { name in
            let bytes = FileManager.default.contents(atPath: directory.path(name)).map(Array.init) ?? []
            return bytes.contains(Array(text.utf8))
        }
    }
}
