import Storage
import Support

/// A small schema, and what the tests do with it.
enum Notebook {
    static let migrations = [
        Migration("m0001_note", [.sqlite: script(blob: "BLOB"), .postgres: script(blob: "BYTEA")])
    ]

    private static func script(blob: String) -> [UInt8] {
        Array(
            """
            CREATE TABLE note (
                id BIGINT NOT NULL,
                body TEXT,
                data \(blob),
                PRIMARY KEY (id)
            );
            CREATE TABLE stored (
                id BIGINT,
                body TEXT,
                data \(blob)
            );
            """.utf8
        )
    }
}

struct Refused: Error, Equatable {}

extension TestStore {
    /// A store with `note` and `stored` only.
    static func notebook(
        _ engine: Engine = .sqlite,
        in place: Place = .memory,
        clock: ManualClock = ManualClock()
    ) async throws -> TestStore {
        try await open(engine, in: place, migrations: Notebook.migrations, clock: clock)
    }
}

extension Transaction {
    func add(_ id: Int, _ body: String? = nil, _ data: [UInt8]? = nil) throws {
        try execute("INSERT INTO note (id, body, data) VALUES (\(id), \(body), \(data))")
    }

    func ids() throws -> [Int64] {
        try rows("SELECT id FROM note ORDER BY id").map { try $0.integer(0) }
    }

    func pragma(_ query: SQL) throws -> SQLValue? {
        try first(query)?[0]
    }
}

extension Database {
    func add(_ id: Int) async throws {
        try await write { try $0.add(id) }
    }

    func ids() async throws -> [Int64] {
        try await read { try $0.ids() }
    }
}
