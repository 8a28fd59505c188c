import Migrations
import Storage
import Support
import Testing

/// What PostgreSQL's schema holds by itself, whatever a program does.
@Suite struct PostgresSchemaTests {
    private static let changes: [SQL] = [
        "UPDATE entry SET envelope = '' WHERE vin = 'a'", "DELETE FROM entry WHERE vin = 'a'",
        "UPDATE entry_hash SET seq = 0 WHERE vin = 'a'", "DELETE FROM entry_hash WHERE vin = 'a'",
        "UPDATE entry_ref SET seq = 0 WHERE vin = 'a'", "DELETE FROM entry_ref WHERE vin = 'a'",
        "UPDATE entry SET payload = NULL, seq = 0 WHERE vin = 'a'",
        "UPDATE entry_p07 SET envelope = '' WHERE vin = 'a'",
        "UPDATE audit_record SET record = '' WHERE chain = 'a'", "DELETE FROM audit_record WHERE chain = 'a'",
        "DELETE FROM entry_p07 WHERE vin = 'a'", "TRUNCATE audit_record",
        "UPDATE book_journal SET day = '' WHERE number = 1", "DELETE FROM book_posting WHERE journal = 1",
        "UPDATE subject_read SET purpose = '' WHERE subject = 'a'", "DELETE FROM subject_read WHERE subject = 'a'",
    ]

    /// In a store as an operator makes it: the tests' template grants what is refused here.
    @Test func `what was written cannot be changed, even by the owner`() async throws {
        let store = try await TestStore.open(.postgres, migrations: Schema.migrations)
        for change in PostgresSchemaTests.changes {
            await #expect(throws: (any Error).self, "\(change.text)") {
                try await store.database.write { try $0.execute(change) }
            }
        }
        let erasure: SQL = "UPDATE entry SET payload = NULL WHERE vin = 'a'"
        #expect(try await store.database.write { try $0.execute(erasure) } == 0)
    }

    @Test(arguments: Engine.allCases)
    func `texts sort by their bytes`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        let names = ["a", "B", "_", "Z", "é", "z", "中", "A1", "a1", "10", "9"]
        try await store.database.write { tx in
            for name in names { try tx.execute("INSERT INTO store_fact (name, value) VALUES (\(name), \(name))") }
        }
        let (sorted, after) = try await store.database.read { tx in
            (
                try tx.rows("SELECT name FROM store_fact ORDER BY name").map { try $0.text(0) },
                try tx.rows("SELECT name FROM store_fact WHERE name > \("Z") ORDER BY name").map { try $0.text(0) }
            )
        }
        let expected = names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        #expect(sorted == expected)
        #expect(after == expected.filter { Array("Z".utf8).lexicographicallyPrecedes(Array($0.utf8)) })
    }

    /// The lint looks at the scripts; this looks at what came of them.
    @Test func `no text of the schema sorts by a language`() async throws {
        let store = try await TestStore.open(.postgres)
        let columns = try await store.database.read { tx in
            try tx.rows(
                """
                SELECT table_name, column_name
                FROM information_schema.columns
                WHERE table_schema = 'public'
                    AND data_type = 'text'
                    AND COALESCE(collation_name, '') <> 'C'
                    AND table_name <> 'schema_migration'
                """
            ).map { "\(try $0.text(0)).\(try $0.text(1))" }
        }
        #expect(columns == [])
    }
}
