import Core
import Storage
import StoragePostgres
import Support
import Synchronization
import Testing

/// What is asked for several writes together has to leave every one of them as it would be alone.
@Suite struct ForesightTests {
    private static func question(_ id: Int) -> SQL { "SELECT body FROM note WHERE id = \(id)" }

    private static func hints(_ id: Int) -> WriteHints {
        WriteHints(foresight: Foresight(topic: "\(id)", questions: [[question(id)]]))
    }

    /// Appends to the body of a note: what two of them did shows in it.
    private static func extend(_ tx: any Transaction, _ id: Int, by text: String) throws -> String? {
        let before = try tx.first(question(id))?.optionalText(0)
        let body = (before ?? "") + text
        try tx.execute(later: [
            """
            INSERT INTO note (id, body)
            VALUES (\(id), \(body))
            ON CONFLICT (id) DO UPDATE SET body = excluded.body
            """
        ])
        return before
    }

    @Test func `writes about different things are asked for together and about the same one see each other`()
        async throws
    {
        let store = try await PostgresUnderTest.open()
        let held = await store.hold()
        var writes: [(id: Int, text: String, task: Task<String?, any Error>)] = []
        for (step, id) in [5, 1, 5, 3, 1, 5].enumerated() {
            let task = await held.begin(Self.hints(id)) { try Self.extend($0, id, by: "\(step)") }
            writes.append((id, "\(step)", task))
        }
        // Nothing is known of this one.
        let plain = await held.begin { try Self.extend($0, 3, by: "p") }
        try await held.release()
        var seen: [Int: [String]] = [:]
        for write in writes { seen[write.id, default: []].append(try await write.task.value ?? "") }
        #expect(seen[5] == ["", "0", "02"])
        #expect(seen[1] == ["", "1"])
        #expect(seen[3] == [""])
        #expect(try await plain.value == "3")
        #expect(try await store.ask("SELECT body FROM note ORDER BY id") == "14\n3p\n025\n")
        #expect(store.commits == 2)
    }

    @Test func `an answer that was asked for before is not given to a body that has written`() async throws {
        let store = try await PostgresUnderTest.open()
        let held = await store.hold()
        let first = await held.begin(Self.hints(1)) { tx in
            try tx.execute("INSERT INTO note (id, body) VALUES (1, 'own')")
            return try tx.first(Self.question(1))?.text(0)
        }
        let second = await held.begin(Self.hints(2)) { tx in
            // Once it was given, it is asked for anew.
            let empty = try tx.first(Self.question(2)) == nil
            return try empty && tx.first(Self.question(2)) == nil
        }
        try await held.release()
        #expect(try await first.value == "own")
        #expect(try await second.value)
    }

    @Test func `a foreseen write that fails is refused alone`() async throws {
        let store = try await PostgresUnderTest.open()
        let held = await store.hold()
        let kept = await held.begin(Self.hints(1)) { try Self.extend($0, 1, by: "kept") }
        let refused = await held.begin(Self.hints(2)) { tx in
            _ = try Self.extend(tx, 2, by: "gone")
            throw Refused()
        }
        let taken = await held.begin(Self.hints(3)) { tx in
            try tx.execute(later: ["INSERT INTO note (id) VALUES (7)", "INSERT INTO note (id) VALUES (7)"])
        }
        try await held.release()
        #expect(try await kept.value == nil)
        await #expect(throws: Refused()) { try await refused.value }
        await #expect(throws: UniqueViolation()) { try await taken.value }
        #expect(try await store.ask("SELECT id, body FROM note") == "1|kept\n")
    }

    @Test func `a question that the server refuses fails the writes that asked it`() async throws {
        let store = try await PostgresUnderTest.open()
        let held = await store.hold()
        let wrong: SQL = "SELECT id FROM nowhere WHERE id = 1"
        let hints = WriteHints(foresight: Foresight(topic: "wrong", questions: [[wrong]]))
        let failing = await held.begin(hints) { try $0.first(wrong) == nil }
        let fine = await held.begin(Self.hints(1)) { try Self.extend($0, 1, by: "fine") }
        try await held.release()
        await #expect(throws: (any Error).self) { try await failing.value }
        #expect(try await fine.value == nil)
        #expect(try await store.ask("SELECT body FROM note") == "fine\n")
    }

    @Test(arguments: Engine.allCases)
    func `who lost a race is told so when it is run again`(engine: Engine) async throws {
        let store = try await TestStore.open(engine, migrations: [])
        let runs = Mutex<[Bool]>([])
        let count = try await store.database.writeRetrying { tx in
            let count = runs.withLock { runs in
                runs.append(tx.hasLostRace)
                return runs.count
            }
            if count < 3 { throw UniqueViolation() }
            return count
        }
        #expect(count == 3)
        #expect(runs.withLock { $0 } == (engine == .postgres ? [false, true, true] : [false, false, false]))
    }
}
