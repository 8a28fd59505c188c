import SourceText
import Testing

/// Statements that break one rule each. In a migration they stand bare, in Swift as a literal of three lines, the
/// statement on its second.
enum PlantedStatements {
    static let all: [Planted] = portable + reach + declared

    private static func plant(_ rule: String, _ statements: [String]) -> [Planted] {
        statements.map {
            Planted(rule, "Sources/History/A.swift", "let a: SQL = \"\"\"\n    \($0)\n    \"\"\"\n", line: 2)
        }
    }

    private static func plant(_ rule: String, script statements: [String], engine: String = "sqlite") -> [Planted] {
        statements.map { Planted(rule, "Migrations/A/a.\(engine).sql", "-- a\n\($0);\n", line: 2) }
    }

    private static let portable: [Planted] = [
        plant(
            "rows are locked by their change alone",
            [
                "LOCK TABLE lease", "SELECT name FROM lease WHERE name = \\(a) FOR UPDATE",
                "SELECT PG_ADVISORY_LOCK(1)", "SELECT pg_try_advisory_xact_lock(1)",
            ]
        ),
        plant("keys are no engine's numbers", ["SELECT nextval('a')", "SELECT rowid FROM lease"]),
        plant("keys are no engine's numbers", script: ["CREATE SEQUENCE a"]),
        plant("nothing happens behind a statement", ["CREATE FUNCTION a() RETURNS BIGINT"]),
        plant(
            "nothing happens behind a statement",
            script: ["CREATE EXTENSION a", "CREATE MATERIALIZED VIEW a", "CREATE TYPE a AS ENUM ()"]
        ),
        plant("texts are searched by their bytes", ["SELECT name FROM lease WHERE name ~ \\(a)"]),
        plant("texts are searched by their bytes", ["SELECT name FROM lease WHERE name glob \\(a)"]),
        plant(
            "the program reads JSON",
            [
                "SELECT envelope ->> 'a' FROM entry WHERE vin = \\(a)", "SELECT name->'a' FROM lease",
                "SELECT json_extract(name, 'a') FROM lease", "SELECT name FROM lease WHERE name @> 'a'",
            ]
        ),
        plant(
            "no statement asks for the time",
            [
                "SELECT name FROM lease WHERE expires_at < clock_timestamp()", "SELECT unixepoch('a')",
                "SELECT date_trunc('day', at) FROM a", "SELECT name FROM lease ORDER BY RANDOM()",
            ]
        ),
        plant(
            "columns are named in every place",
            [
                "SELECT lease.* FROM lease", "DELETE FROM lease WHERE name = \\(a) RETURNING *",
                "SELECT name, * FROM lease",
            ]
        ),
        plant(
            "a statement leaves nothing in its session",
            [
                "CREATE TEMP TABLE a (b BIGINT)", "PREPARE a AS SELECT 1", "LISTEN a", "NOTIFY a, 'b'",
                "SELECT pg_notify('a', 'b')", "DECLARE a CURSOR", "SET SESSION a = 1",
            ]
        ),
        plant(
            "statements can be spread over machines",
            [
                "MERGE INTO lease", "WITH RECURSIVE a AS (SELECT 1) SELECT b FROM a",
                "WITH a AS (DELETE FROM lease) SELECT name FROM a", "SELECT name FROM lease TABLESAMPLE a",
                "SELECT name FROM lease NATURAL JOIN a",
                "SELECT name FROM lease WHERE EXISTS (SELECT 1 FROM a WHERE a.b = lease.name)",
                "SELECT name, SUM(fence) OVER (ORDER BY name) FROM lease",
            ]
        ),
        plant(
            "every engine reads the statement",
            [
                "INSERT OR IGNORE INTO lease (name) VALUES (1)", "SELECT DISTINCT ON (name) holder FROM lease",
                "SELECT name::TEXT FROM lease", "SELECT name FROM lease WHERE name = ANY(\\(a))",
                "SELECT ifnull(name, 'a') FROM lease", "SET statement_timeout = 1", "PRAGMA user_version = 1",
            ]
        ),
        plant(
            "RETURNING gives the row that was written",
            ["UPDATE lease SET fence = a.b FROM a WHERE lease.name = a.c RETURNING fence"]
        ),
        plant("statements begin with their verb", ["(SELECT name FROM lease)", "with a AS (SELECT 1)"]),
    ].flatMap { $0 }

    private static let reach: [Planted] = [
        plant(
            "big tables are reached by key",
            [
                "SELECT COUNT(*) FROM vehicle", "SELECT vin FROM entry WHERE seq = \\(a)",
                "SELECT vin FROM vehicle WHERE vin > \\(a) ORDER BY vin",
                "SELECT vin FROM entry_hash WHERE seq > \\(a) LIMIT \\(b)",
                "SELECT seq FROM entry_ref WHERE vin = \\(a)",
                "SELECT lease.name FROM lease JOIN entry ON entry.seq = lease.fence WHERE lease.name = \\(a)",
                "INSERT INTO entry (seq, payload) VALUES (\\(a), \\(b))",
                "DELETE FROM idempotency WHERE scope = \\(a)", "UPDATE vehicle SET entry_count = 0",
                "SELECT chain FROM audit_head UNION SELECT chain FROM audit_record",
            ]
        ),
        plant(
            "what was written stays",
            [
                "UPDATE entry SET envelope = \\(a) WHERE vin = \\(b)", "DELETE FROM entry_hash WHERE hash = \\(a)",
                "UPDATE entry SET payload = NULL, envelope = \\(a) WHERE vin = \\(b)",
                "UPDATE entry SET payload = \\(a) WHERE vin = \\(b)", "TRUNCATE entry_ref", "DROP TABLE audit_record",
            ]
        ),
    ].flatMap { $0 }

    private static let declared: [Planted] = [
        plant(
            "columns have types that both engines hold",
            script: [
                "CREATE TABLE a (b BOOLEAN NOT NULL)", "CREATE TABLE a (b BIGINT, c BYTEA)",
                "CREATE TABLE a (b BIGINT CHECK (b IN (0, 1)), c TIMESTAMPTZ, PRIMARY KEY (b, c))",
            ]
        ),
        plant(
            "columns have types that both engines hold",
            script: ["CREATE TABLE a (b BLOB)", "CREATE TABLE a (b BIGINT[])"],
            engine: "postgres"
        ),
        plant("texts sort by their bytes", script: ["CREATE TABLE a (b BIGINT, c TEXT NOT NULL)"], engine: "postgres"),
    ].flatMap { $0 }

    /// What both engines read, and what is no statement.
    static let innocent: [SourceFile] = [
        "SELECT COUNT(*) FROM lease WHERE name = \\(a)",
        "SELECT vin FROM vehicle WHERE vin > \\(a) ORDER BY vin LIMIT \\(b)",
        "SELECT entry.seq FROM entry LEFT JOIN vehicle ON vehicle.vin = entry.vin WHERE entry.vin = \\(a)",
        "INSERT INTO entry_hash (hash, vin, seq) VALUES (\\(a), \\(b), \\(c))",
        "INSERT INTO lease (name) VALUES ('LOCK TABLE ->> LISTEN') ON CONFLICT (name) DO NOTHING RETURNING name",
        "UPDATE entry SET payload = NULL WHERE vin = \\(a) AND seq = \\(b)",
        "The server cannot PREPARE, LISTEN or MERGE INTO anything",
        "DELETE",
    ].map { SourceFile(path: "Sources/History/A.swift", bytes: Array("let a = \"\($0)\"\n".utf8)) }
}

@Suite struct StatementTests {
    @Test func `the tables in parts are those of the migrations`() {
        let files = Repository.current.files.filter { $0.path.hasPrefix("Migrations/Postgres/") }
        let parted = files.flatMap(\.statements).flatMap { statement -> [(String, String)] in
            guard let key = statement.following("PARTITION BY HASH (").first else { return [] }
            return statement.following("CREATE TABLE").map { ($0.text, key.text) }
        }
        let dropped = Set(files.flatMap(\.statements).flatMap { $0.following("DROP TABLE") }.map(\.text))
        let standing = parted.filter { !dropped.contains($0.0) }
        #expect(Dictionary(uniqueKeysWithValues: standing) == BigTables.partitionKeys)
    }

    /// Without this, a reader that finds nothing would pass every rule.
    @Test func `the statements of the product are found`() {
        let statements = Repository.current.files.filter { $0.path.hasPrefix("Sources/") }.flatMap(\.statements)
        #expect(statements.count { $0.has("INSERT INTO ENTRY") } >= 1)
        #expect(statements.count >= 50)
    }

    @Test func `a literal is read with its binds and its lines`() throws {
        let text =
            "let a: SQL = \"\"\"\n    SELECT b\n    FROM c\n    WHERE d = \\(e(\"SELECT 1 FROM x\"))\n    \"\"\"\n"
        let file = SourceFile(path: "Sources/Web/A.swift", bytes: Array(text.utf8))
        #expect(file.statements.count == 2)
        let statement = try #require(file.statements.last)
        #expect(statement.tokens.map(\.text) == ["SELECT", "B", "FROM", "C", "WHERE", "D", "=", "?"])
        #expect(statement.tokens.map(\.line) == [2, 2, 3, 3, 4, 4, 4, 4])
    }
}
