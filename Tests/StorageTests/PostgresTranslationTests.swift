import Core
import Storage
import Support
import Testing

@testable import StoragePostgres

@Suite struct PostgresTextTests {
    static let texts: [(portable: String, text: String, count: Int)] = [
        ("SELECT 1", "SELECT 1", 0),
        ("SELECT a FROM t WHERE b = ? AND c = ?", "SELECT a FROM t WHERE b = $1 AND c = $2", 2),
        ("SELECT '?', ?", "SELECT '?', $1", 1),
        ("SELECT 'it''s ?', ?", "SELECT 'it''s ?', $1", 1),
        ("SELECT \"a?\" FROM t WHERE b = ?", "SELECT \"a?\" FROM t WHERE b = $1", 1),
        ("SELECT ? -- what?\n, ?", "SELECT $1 -- what?\n, $2", 2),
        ("SELECT /* ? '*/ ?", "SELECT /* ? '*/ $1", 1),
        ("SELECT 4 / ? - ?", "SELECT 4 / $1 - $2", 2),
        ("SELECT '车信?' || ?", "SELECT '车信?' || $1", 1),
    ]

    @Test(arguments: texts)
    func `a placeholder gets its number, a question mark in a text or a comment none`(
        portable: String,
        text: String,
        count: Int
    ) {
        let statement = StatementText(portable: portable)
        #expect(statement.text == text)
        #expect(statement.placeholderCount == count)
        #expect(!statement.controlsTransaction)
    }

    @Test(arguments: [
        "COMMIT", "commit", "  ROLLBACK TO x", "-- well\nBEGIN", "/* COMMIT */ END", ";COMMIT", "SAVEPOINT a",
        "START TRANSACTION", "PREPARE TRANSACTION 'x'",
    ])
    func `what begins or ends a transaction is recognised`(text: String) {
        #expect(StatementText(portable: text).controlsTransaction)
    }

    @Test(arguments: ["SELECT 'COMMIT'", "INSERT INTO commits VALUES (1)", "-- COMMIT\nSELECT 1", "\"COMMIT\""])
    func `what only names it is not`(text: String) {
        #expect(!StatementText(portable: text).controlsTransaction)
    }

    static let numerics = TextTable(
        """
        words                                  | value
        0 0 0 0                                | 0
        1 0 0 0 7                              | 7
        1 0 16384 0 7                          | -7
        1 1 0 0 1                              | 10000
        2 1 0 0 1 2                            | 10002
        5 4 0 0 922 3372 368 5477 5807         | 9223372036854775807
        5 4 16384 0 922 3372 368 5477 5808     | -9223372036854775808
        5 4 0 0 922 3372 368 5477 5808         | none
        5 4 16384 0 922 3372 368 5477 5809     | none
        2 0 0 1 1 5000                         | none
        2 0 0 4 1 0                            | 1
        1 65535 0 4 5000                       | none
        0 0 49152 0                            | none
        2 0 0 0 1                              | none
        1 9 0 0 1                              | none
        """
    )

    @Test(arguments: numerics.rows)
    func `a sum is decoded to the last digit, or refused`(row: TextTable.Row) {
        let words = row["words"].split(separator: " ").compactMap { UInt16($0) }
        let bytes = words.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let value = bytes.withUnsafeBytes { BinaryValue.wholeNumeric($0) }
        #expect(value.map(String.init) ?? "none" == row["value"])
    }
}

@Suite struct PostgresErrorTests {
    static let states = TextTable(
        """
        state | name                        | answer
        23505 | unique                      | unique
        23502 | not null                    | defect
        23503 | foreign key                 | defect
        42P01 | no such table               | defect
        40001 | serialization               | store_busy
        40P01 | deadlock                    | store_busy
        55P03 | lock not available          | store_busy
        57014 | statement time-out          | store_busy
        53300 | too many connections        | store_busy
        57P03 | starting                    | store_busy
        53200 | out of memory               | store_busy
        53100 | disk full                   | store_full
        25006 | read-only                   | store_read_only
        08006 | connection failure          | store_unavailable
        58030 | input or output             | store_unavailable
        XX001 | damaged                     | store_unavailable
        """
    )

    @Test(arguments: states.rows)
    func `what PostgreSQL says becomes what the store promises`(row: TextTable.Row) {
        #expect(answer(PQError(state: row["state"], "message").translated) == row["answer"])
    }

    @Test func `a connection that is gone is a store that cannot be reached`() {
        let failure = PQError.lost("message").translated as? Failure
        #expect(failure?.type == .storeLost)
        #expect(failure?.retryAfterSeconds == 1)
    }

    private func answer(_ error: any Error) -> String {
        switch error {
        case is UniqueViolation: "unique"
        case let failure as Failure: failure.type.code
        default: "defect"
        }
    }

    @Test func `an error tells its statement and none of its values`() async throws {
        let store = try await TestStore.notebook(.postgres)
        let secret = "粤B12345"
        for sql: SQL in [
            "INSERT INTO note (id, body) VALUES (NULL, \(secret))",
            "SELECT id FROM note WHERE id = CAST(\(secret) AS BIGINT)",
            "SELECT id FROM nowhere WHERE id = \(secret)",
        ] {
            let error = await #expect(throws: PQError.self) {
                _ = try await store.database.write { try $0.execute(sql) }
            }
            #expect(error.map(\.description)?.contains(sql.text) == true)
            #expect(error.map(\.description)?.contains(secret) == false)
        }
    }
}

@Suite struct PostgresLocationTests {
    @Test(arguments: [
        "postgres://chexin@127.0.0.1:5432/chexin", "postgresql:///chexin?host=/run/postgresql",
        "postgres://u:p%40ss@a,b:5433/db?target_session_attrs=read-write&sslmode=verify-full&sslrootcert=system",
        "postgres://host/db?passfile=/etc/chexin/pgpass&connect_timeout=5",
    ])
    func `an address of libpq is taken as it is`(url: String) throws {
        let location = try #require(PostgresLocation(url: url))
        #expect(location.address == url)
    }

    @Test(arguments: [
        "sqlite:x", "mysql://a", "postgres:/a", "postgres://u:p@ss@host/db", "postgres://u:p/x@host/db",
        "postgres://u:p?x@host/db", "postgres://host/db?no_such_option=1", "postgres://u:p%zz@host/db",
    ])
    func `anything else, and what would show a password in part, is not`(url: String) {
        #expect(PostgresLocation(url: url) == nil)
    }

    @Test func `a location shows nothing of its address`() throws {
        let location = try #require(PostgresLocation(url: "postgres://u:geheim@host/db"))
        var dumped = ""
        dump(location, to: &dumped)
        for text in ["\(location)", String(reflecting: location), dumped] { #expect(!text.contains("geheim")) }
    }
}
