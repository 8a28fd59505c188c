import Core
import Storage
import Support
import Testing

/// What `Database` promises, on every engine.
@Suite struct ContractTests {
    typealias Place = TestStore.Place

    @Test(arguments: Engine.allCases, Place.allCases)
    func `what one transaction wrote the next one reads`(engine: Engine, place: Place) async throws {
        let store = try await TestStore.notebook(engine, in: place)
        let answer = try await store.database.write { tx in
            try tx.add(1, "one")
            return try tx.first("SELECT body FROM note WHERE id = \(1)")?.text(0)
        }
        #expect(answer == "one")
        #expect(try await store.database.ids() == [1])
    }

    @Test(arguments: Engine.allCases, Place.allCases)
    func `a body that throws leaves no trace and its error arrives`(engine: Engine, place: Place) async throws {
        let store = try await TestStore.notebook(engine, in: place)
        await #expect(throws: Refused()) {
            try await store.database.write { tx in
                try tx.add(1)
                throw Refused()
            }
        }
        #expect(try await store.database.ids() == [])
    }

    @Test(arguments: Engine.allCases, Place.allCases)
    func `a statement that fails leaves nothing of what came before it`(engine: Engine, place: Place) async throws {
        let store = try await TestStore.notebook(engine, in: place)
        await #expect(throws: (any Error).self) {
            try await store.database.write { tx in
                try tx.add(1)
                try tx.execute("INSERT INTO note (id) VALUES (NULL)")
            }
        }
        #expect(try await store.database.ids() == [])
    }

    @Test(arguments: Engine.allCases, Place.allCases)
    func `a reader cannot write`(engine: Engine, place: Place) async throws {
        let store = try await TestStore.notebook(engine, in: place)
        await #expect(throws: (any Error).self) {
            try await store.database.read { try $0.add(1) }
        }
        #expect(try await store.database.ids() == [])
    }

    @Test(arguments: Engine.allCases, Place.allCases)
    func `a taken key is a unique violation, and the body may go on`(engine: Engine, place: Place) async throws {
        let store = try await TestStore.notebook(engine, in: place)
        try await store.database.add(1)
        await #expect(throws: UniqueViolation()) { try await store.database.add(1) }
        #expect(try await store.database.ids() == [1])
    }

    @Test(arguments: Engine.allCases)
    func `a taken value of a unique index is a unique violation`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine)
        try await store.database.write { tx in
            try tx.execute("CREATE UNIQUE INDEX note_by_body ON note (body)")
            try tx.add(1, "same")
        }
        await #expect(throws: UniqueViolation()) {
            try await store.database.write { try $0.add(2, "same") }
        }
    }

    @Test(arguments: Engine.allCases)
    func `another broken constraint is a defect, not a unique violation`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine)
        let error = await #expect(throws: (any Error).self) {
            try await store.database.write { try $0.execute("INSERT INTO note (id) VALUES (NULL)") }
        }
        #expect(!(error is UniqueViolation))
        #expect(!(error is Failure))
    }

    @Test(arguments: Engine.allCases, Place.allCases)
    func `a transaction has one time, and the next one asks again`(engine: Engine, place: Place) async throws {
        let clock = ManualClock(tickMilliseconds: 1)
        let store = try await TestStore.notebook(engine, in: place, clock: clock)
        let (first, second) = try await store.database.write { tx in (tx.now, tx.now) }
        let read = try await store.database.read { $0.now }
        #expect(first == second)
        #expect(read == first.adding(milliseconds: 1))
    }
}

/// Statements and values.
@Suite struct StatementContractTests {
    @Test(arguments: Engine.allCases)
    func `execute counts the rows that it changed`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine)
        let counts = try await store.database.write { tx in
            [
                try tx.execute("INSERT INTO note (id) VALUES (1), (2), (3)"),
                try tx.execute("UPDATE note SET body = \("x") WHERE id > \(1)"),
                try tx.execute("UPDATE note SET body = \("x") WHERE id > \(9)"),
                try tx.execute("INSERT INTO note (id) VALUES (1) ON CONFLICT (id) DO NOTHING"),
                try tx.execute("CREATE TABLE other (id BIGINT)"),
                try tx.execute("DELETE FROM note WHERE id = \(2)"),
            ]
        }
        #expect(counts == [3, 2, 0, 0, 0, 1])
    }

    @Test(arguments: Engine.allCases)
    func `first gives the first row or nothing, rows gives all`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine)
        for id in 1...3 { try await store.database.add(id) }
        try await store.database.read { tx throws in
            #expect(try tx.first("SELECT id FROM note ORDER BY id DESC")?.integer(0) == 3)
            #expect(try tx.first("SELECT id FROM note WHERE id = \(9)") == nil)
            #expect(try tx.rows("SELECT id FROM note WHERE id = \(9)").isEmpty)
            #expect(try tx.ids() == [1, 2, 3])
        }
    }

    @Test(arguments: Engine.allCases)
    func `several questions are answered in order, with their rows held or not`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine)
        for id in 1...3 { try await store.database.write { try $0.add(id, "\(id)") } }
        let ask: @Sendable (any Transaction) throws -> [[Row]] = { tx in
            let two: SQL = "SELECT body FROM note WHERE id = \(2)"
            return try tx.rows(all: [
                two.lockingRows, "SELECT id FROM note WHERE id > \(7)", "SELECT MAX(id) FROM note",
            ])
        }
        let expected = [[Row([.text("2")])], [], [Row([.integer(3)])]]
        #expect(try await store.database.write(ask) == expected)
        #expect(try await store.database.read(ask) == expected)
    }

    @Test(arguments: Engine.allCases)
    func `what runs later is seen by the next statement and committed with the rest`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine)
        let seen = try await store.database.write { tx in
            try tx.execute(later: ["INSERT INTO note (id) VALUES (1)", "INSERT INTO note (id) VALUES (2)"])
            return try tx.ids()
        }
        #expect(seen == [1, 2])
        try await store.database.write { tx in try tx.execute(later: ["DELETE FROM note WHERE id = \(1)"]) }
        #expect(try await store.database.ids() == [2])
        await #expect(throws: (any Error).self) {
            try await store.database.read { try $0.execute(later: ["DELETE FROM note WHERE id = \(2)"]) }
        }
        #expect(try await store.database.ids() == [2])
    }

    @Test(arguments: Engine.allCases)
    func `what fails later fails the whole write`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine)
        try await store.database.add(1)
        await #expect(throws: UniqueViolation()) {
            try await store.database.write { tx in
                try tx.add(2)
                try tx.execute(later: ["INSERT INTO note (id) VALUES (3)", "INSERT INTO note (id) VALUES (1)"])
            }
        }
        await #expect(throws: UniqueViolation()) {
            try await store.database.write { tx in
                try tx.execute(later: ["INSERT INTO note (id) VALUES (1)"])
                try tx.add(2)
            }
        }
        #expect(try await store.database.ids() == [1])
    }

    @Test(arguments: Engine.allCases)
    func `a write may return rows, and all of it happens`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine)
        let first = try await store.database.write {
            try $0.first("INSERT INTO note (id) VALUES (1), (2), (3) RETURNING id")?.integer(0)
        }
        #expect(first == 1)
        #expect(try await store.database.ids() == [1, 2, 3])
    }

    static let values: [SQLValue] = [
        .null, .integer(0), .integer(-1), .integer(.max), .integer(.min), .text(""), .text("车信 🚗 e\u{301}"),
        .text(String(repeating: "长", count: 100_000)), .blob([]), .blob([0]), .blob(Array(0...255)),
        .blob(Array(repeating: 7, count: 1_000_000)),
    ]

    @Test(arguments: Engine.allCases, values)
    func `a value comes back as it was`(engine: Engine, value: SQLValue) async throws {
        let store = try await TestStore.notebook(engine)
        let column: SQL =
            switch value {
            case .integer, .null: "SELECT id FROM stored"
            case .text: "SELECT body FROM stored"
            case .blob: "SELECT data FROM stored"
            }
        let read = try await store.database.write { tx in
            switch value {
            case .integer, .null: try tx.execute("INSERT INTO stored (id) VALUES (\(value))")
            case .text: try tx.execute("INSERT INTO stored (body) VALUES (\(value))")
            case .blob: try tx.execute("INSERT INTO stored (data) VALUES (\(value))")
            }
            return try tx.first(column)?[0]
        }
        #expect(read == value)
    }

    /// An engine may refuse such a text; what it must not do is store half of it.
    @Test(arguments: Engine.allCases)
    func `a text with a NUL is never cut short`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine)
        try? await store.database.write { try $0.add(1, "before\0after") }
        let read = try await store.database.read { try $0.first("SELECT body FROM note")?.text(0) }
        #expect(read == nil || read == "before\0after")
    }

    @Test(arguments: Engine.allCases)
    func `an interpolated text is a value, whatever it says`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine)
        let hostile = "'); DROP TABLE note; --"
        try await store.database.write { try $0.add(1, hostile) }
        let found = try await store.database.read { tx in
            try tx.first("SELECT body FROM note WHERE body = \(hostile)")?.text(0)
        }
        #expect(found == hostile)
        let none = try await store.database.read { tx in
            try tx.rows("SELECT id FROM note WHERE body = \("' OR '1' = '1")")
        }
        #expect(none.isEmpty)
    }

    @Test func `interpolation leaves a placeholder and a bind`() {
        let text: String? = nil
        let sql: SQL = "SELECT a FROM t WHERE b = \(1) AND c = \("x") AND d = \([UInt8]([1])) AND e = \(text)"
        #expect(sql.text == "SELECT a FROM t WHERE b = ? AND c = ? AND d = ? AND e = ?")
        #expect(sql.binds == [.integer(1), .text("x"), .blob([1]), .null])
    }

    @Test(arguments: Engine.allCases)
    func `a placeholder without a bind is refused`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine)
        await #expect(throws: (any Error).self) {
            try await store.database.read { try $0.rows("SELECT id FROM note WHERE id = ?") }
        }
    }

    @Test(arguments: Engine.allCases)
    func `a column that holds something else than it should is named`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine)
        try await store.database.write { try $0.add(1, "text") }
        await #expect(throws: StoredDataError.self) {
            try await store.database.read { try $0.first("SELECT body FROM note")?.integer(0) }
        }
        await #expect(throws: StoredDataError.self) {
            try await store.database.read { try $0.first("SELECT data FROM note")?.blob(0) }
        }
        let missing = try await store.database.read { try $0.first("SELECT data FROM note")?.optionalBlob(0) }
        #expect(missing == .some(nil))
    }
}
