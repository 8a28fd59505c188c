import Storage
import Support
import Testing

@Suite struct IsolationTests {
    @Test(arguments: Engine.allCases)
    func `a reader sees one state from beginning to end`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine, in: .disk)
        try await store.database.add(1)
        let gate = Gate()
        async let seen = store.database.read { tx in
            let before = try tx.ids()
            gate.pass()
            return [before, try tx.ids()]
        }
        await gate.isReached()
        try await store.database.add(2)
        gate.open()
        #expect(try await seen == [[1], [1]])
        #expect(try await store.database.ids() == [1, 2])
    }

    @Test(arguments: Engine.allCases)
    func `a reader sees nothing of a write that is not committed`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine, in: .disk)
        let gate = Gate()
        async let written: Void = store.database.write { tx in
            try tx.add(1)
            gate.pass()
        }
        await gate.isReached()
        #expect(try await store.database.ids() == [])
        gate.open()
        try await written
        #expect(try await store.database.ids() == [1])
    }

    @Test(arguments: Engine.allCases, TestStore.Place.allCases)
    func `concurrent writes that lock what they read lose no update`(engine: Engine, place: TestStore.Place)
        async throws
    {
        let store = try await TestStore.notebook(engine, in: place)
        try await store.database.write { try $0.add(1, "0") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await store.database.write { tx in
                        // Takes the row's lock, where writes overlap.
                        try tx.execute("UPDATE note SET body = body WHERE id = 1")
                        let count = Int(try tx.first("SELECT body FROM note")?.text(0) ?? "") ?? 0
                        try tx.execute("UPDATE note SET body = \(String(count + 1))")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.database.read { try $0.first("SELECT body FROM note")?.text(0) } == "100")
    }

    @Test(arguments: Engine.allCases)
    func `many readers at once each get their own answer`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine, in: .disk)
        for id in 0..<10 { try await store.database.add(id) }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<500 {
                group.addTask {
                    let id = index % 10
                    let row = try await store.database.read { try $0.first("SELECT id FROM note WHERE id = \(id)") }
                    return try row?.integer(0) == Int64(id)
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }
}
