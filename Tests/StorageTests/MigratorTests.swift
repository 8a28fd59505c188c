import Core
import Migrations
import Storage
import Support
import Testing

@Suite struct MigratorTests {
    private static func migration(_ name: String, _ script: String) -> Migration {
        Migration(name, [.sqlite: Array(script.utf8)])
    }

    private static let first = migration("m0001_a", "CREATE TABLE a (id BIGINT PRIMARY KEY); INSERT INTO a VALUES (1);")
    private static let second = migration("m0002_b", "INSERT INTO a SELECT id + 1 FROM a;")

    private func store() async throws -> TestStore {
        try await TestStore.open(migrations: [])
    }

    private func migrator(_ migrations: [Migration], _ store: TestStore) -> Migrator {
        Migrator(migrations, dialect: .sqlite, database: store.database)
    }

    private func ids(_ store: TestStore) async throws -> [Int64] {
        try await store.database.read { try $0.rows("SELECT id FROM a ORDER BY id").map { try $0.integer(0) } }
    }

    @Test func `what is pending is applied in order, once`() async throws {
        let store = try await store()
        #expect(try await migrator([Self.first], store).apply() == ["m0001_a"])
        #expect(try await migrator([Self.first, Self.second], store).apply() == ["m0002_b"])
        #expect(try await migrator([Self.first, Self.second], store).apply() == [])
        #expect(try await ids(store) == [1, 2])
    }

    @Test func `a migration is noted with the time of its transaction`() async throws {
        let store = try await store()
        _ = try await migrator([Self.first], store).apply()
        let note = try await store.database.read { try $0.first("SELECT name, applied_at FROM schema_migration") }
        #expect(note == Row([.text("m0001_a"), .integer(ManualClock.start.microseconds)]))
    }

    @Test func `the status tells what is applied, pending, changed and unknown`() async throws {
        let store = try await store()
        let other = Self.migration("m0009_z", "CREATE TABLE z (id BIGINT);")
        _ = try await migrator([Self.first, Self.second, other], store).apply()
        let changed = Self.migration("m0002_b", "INSERT INTO a SELECT id + 2 FROM a;")
        let pending = Self.migration("m0003_c", "CREATE TABLE c (id BIGINT);")
        let status = try await migrator([Self.first, changed, pending], store).status()
        #expect(status.map(\.name) == ["m0001_a", "m0002_b", "m0003_c", "m0009_z"])
        #expect(status.dropFirst().map(\.state) == [.changed, .pending, .unknown])
        guard case .applied(let checksum) = status[0].state else {
            Issue.record("m0001_a is not applied")
            return
        }
        // SHA-256 of the first script, from `sha256sum`.
        #expect(checksum == "a5cc7ea33ddb7aba3073ed85e0e398f3ede46172f19bc2666b81625a99f49daa")
    }

    @Test func `a migration that changed after it ran stops everything and is named`() async throws {
        let store = try await store()
        _ = try await migrator([Self.first], store).apply()
        let edited = Self.migration("m0001_a", "CREATE TABLE a (id BIGINT);")
        let refusal = await #expect(throws: Failure.self) {
            try await migrator([edited, Self.second], store).apply()
        }
        #expect(refusal?.type == .schemaMismatch)
        #expect(refusal?.detail.en.contains("m0001_a") == true)
        #expect(refusal?.detail.zh.contains("m0001_a") == true)
        #expect(refusal?.faults.map(\.pointer) == ["/m0001_a"])
        #expect(try await ids(store) == [1])
    }

    @Test func `the store of a newer program is refused and the migration is named`() async throws {
        let store = try await store()
        _ = try await migrator([Self.first, Self.second], store).apply()
        let refusal = await #expect(throws: Failure.self) { try await migrator([Self.first], store).apply() }
        #expect(refusal?.type == .schemaMismatch)
        #expect(refusal?.faults.map(\.pointer) == ["/m0002_b"])
        #expect(refusal?.faults.map(\.code) == ["unknown"])
    }

    @Test func `a migration that fails half-way leaves nothing, and what came before it stays`() async throws {
        let store = try await store()
        let broken = Self.migration("m0002_b", "CREATE TABLE b (id BIGINT); INSERT INTO a VALUES (1);")
        await #expect(throws: UniqueViolation()) { try await migrator([Self.first, broken], store).apply() }
        let status = try await migrator([Self.first, broken], store).status()
        #expect(status[1].state == .pending)
        await #expect(throws: (any Error).self) { try await store.database.read { try $0.rows("SELECT id FROM b") } }
        #expect(try await ids(store) == [1])
    }

    @Test func `instances that start together apply a migration once`() async throws {
        let store = try await store()
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<8 { group.addTask { try await migrator([Self.first, Self.second], store).apply() } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied.sorted() == ["m0001_a", "m0002_b"])
        #expect(try await ids(store) == [1, 2])
    }

    @Test(arguments: Engine.allCases)
    func `the whole schema applies to an empty store`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        let status = try await Migrator(Schema.migrations, dialect: engine.dialect, database: store.database).status()
        #expect(status.map(\.name) == Schema.migrations.map(\.name))
        for migration in status {
            guard case .applied = migration.state else {
                Issue.record("\(migration.name) is not applied")
                continue
            }
        }
    }

    @Test func `the schema's migrations are in the order of their names, each name once`() {
        let names = Schema.migrations.map(\.name)
        #expect(names == Set(names).sorted())
    }
}
