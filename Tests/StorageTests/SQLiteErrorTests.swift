import Core
import GRDB
import Storage
import Support
import Testing

@testable import StorageSQLite

@Suite struct SQLiteErrorTests {
    static let codes = TextTable(
        """
        code | name                   | answer            | outcome
        2067 | constraint, unique     | unique            | unknown
        1555 | constraint, key        | unique            | unknown
        2579 | constraint, rowid      | unique            | unknown
        787  | constraint, foreign    | defect            | unknown
        1299 | constraint, not null   | defect            | unknown
        1    | error                  | defect            | unknown
        5    | busy                   | store_busy        | nothing
        517  | busy, snapshot         | store_busy        | nothing
        13   | full                   | store_full        | nothing
        8    | read-only              | store_read_only   | nothing
        10   | input or output        | store_unavailable | unknown
        1034 | input or output, fsync | store_unavailable | unknown
        11   | corrupt                | store_unavailable | unknown
        26   | not a database         | store_unavailable | unknown
        """
    )

    @Test(arguments: codes.rows)
    func `what SQLite says becomes what the store promises`(row: TextTable.Row) throws {
        let error = SQLiteError(ResultCode(rawValue: try #require(CInt(row["code"]))), "message")
        #expect(answer(error.translated) == row["answer"])
        #expect(error.leavesTheStoreAsItWas == (row["outcome"] == "nothing"))
    }

    private func answer(_ error: any Error) -> String {
        switch error {
        case is UniqueViolation: "unique"
        case let failure as Failure: failure.type.code
        default: "defect"
        }
    }

    @Test func `a store that is busy says when to come again`() {
        let failure = SQLiteError(.SQLITE_BUSY, "message").translated as? Failure
        #expect(failure?.retryAfterSeconds == 1)
    }

    @Test func `an error tells its statement and none of its values`() async throws {
        let store = try await TestStore.notebook()
        let secret = "粤B12345"
        let error = await #expect(throws: SQLiteError.self) {
            _ = try await store.database.write {
                try $0.execute("INSERT INTO note (id, body) VALUES (NULL, \(secret))")
            }
        }
        #expect(error.map(\.description)?.contains("INSERT INTO note") == true)
        #expect(error.map(\.description)?.contains(secret) == false)
    }
}

@Suite struct FirstInFirstOutTests {
    @Test func `elements leave in the order in which they came`() {
        var queue = FirstInFirstOut<Int>()
        var random = SeededRandom(seed: 1)
        var (next, expected) = (0, 0)
        for _ in 0..<10_000 {
            if Bool.random(using: &random) {
                queue.append(next)
                next += 1
            } else if let element = queue.popFirst() {
                #expect(element == expected)
                expected += 1
            } else {
                #expect(next == expected)
            }
            #expect(queue.count == next - expected)
        }
    }

    @Test func `several leave at once, no more than there are`() {
        var queue = FirstInFirstOut<Int>()
        for element in 0..<5 { queue.append(element) }
        #expect(queue.popFirst(upTo: 3) == [0, 1, 2])
        #expect(queue.popFirst(upTo: 3) == [3, 4])
        #expect(queue.popFirst(upTo: 3).isEmpty)
        #expect(queue.isEmpty)
    }
}
