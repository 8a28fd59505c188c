import Storage
import Testing

@Suite struct InsertMergerTests {
    private func notes(_ ids: ClosedRange<Int>) -> [SQL] {
        ids.map { "INSERT INTO note (id, body) VALUES (\($0), \("n\($0)"))" }
    }

    @Test(arguments: [2, 3, 7, 64, 65, 200])
    func `rows of the same statement go together in their order, in numbers that are powers of two`(count: Int) {
        var merger = InsertMerger()
        let merged = merger.merged(notes(1...count))
        #expect(merged.flatMap(\.binds) == notes(1...count).flatMap(\.binds))
        for statement in merged {
            let rows = statement.binds.count / 2
            #expect(rows.nonzeroBitCount == 1 && rows <= 64)
            let values = Array(repeating: "(?, ?)", count: rows).joined(separator: ", ")
            #expect(statement.text == "INSERT INTO note (id, body) VALUES \(values)")
        }
        #expect(merged.count == count / 64 + (count % 64).nonzeroBitCount)
    }

    @Test func `what stands behind the row stays behind all of them, and other texts keep their place`() {
        var merger = InsertMerger()
        func body(_ id: Int) -> [SQL] {
            [
                "INSERT INTO note (id) VALUES (\(id))",
                """
                INSERT INTO head (id)
                VALUES (\(id))
                ON CONFLICT (id) DO UPDATE SET id = excluded.id
                """,
            ]
        }
        let merged = merger.merged(body(1) + body(2))
        #expect(
            merged.map(\.text) == [
                "INSERT INTO note (id) VALUES (?), (?)",
                "INSERT INTO head (id)\nVALUES (?), (?)\nON CONFLICT (id) DO UPDATE SET id = excluded.id",
            ]
        )
        #expect(merged.map(\.binds) == [[.integer(1), .integer(2)], [.integer(1), .integer(2)]])
    }

    @Test func `one statement that is no insertion of bare binds leaves all as they are`() {
        let id = 9
        let others: [SQL] = [
            "DELETE FROM note WHERE id = \(id)",
            "UPDATE note SET body = NULL WHERE id = \(id)",
            "INSERT INTO note (id) SELECT \(id)",
            "INSERT INTO note (id, body) VALUES (\(id), 'x')",
            "INSERT INTO note (id, body) VALUES (\(id), lower(\("X")))",
            "INSERT INTO note (id) VALUES (\(id)) ON CONFLICT (id) DO UPDATE SET body = \("x")",
            "INSERT INTO note (id) VALUES (\(id)), (\(id + 1))",
            "SAVEPOINT body",
        ]
        for other in others {
            var merger = InsertMerger()
            let statements = notes(1...3) + [other, other]
            #expect(merger.merged(statements) == statements, "\(other.text)")
        }
    }
}
