import Storage
import Support
import Testing

/// What stamps promise where a store has them: what was made of a thing before its stamp changed may be old, what was
/// made since is not.
@Suite struct ChangeStampTests {
    @Test(arguments: Engine.allCases)
    func `a commit changes the stamp of what it touched, before its caller hears of it`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine)
        guard let before = store.database.stamp(of: "car") else { return }
        try await store.database.write { tx in
            tx.touch("car")
            try tx.add(1)
        }
        #expect(store.database.stamp(of: "car") != before)
    }

    @Test(arguments: Engine.allCases)
    func `what a refused write touched has not changed`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine)
        let before = store.database.stamp(of: "car")
        await #expect(throws: Refused()) {
            try await store.database.write { tx in
                tx.touch("car")
                throw Refused()
            }
        }
        try await store.database.add(1)
        #expect(store.database.stamp(of: "car") == before)
    }

    @Test func `a stamp never comes back`() {
        let stamps = ChangeStamps()
        var seen: Set<UInt64> = [stamps.stamp(of: "car")]
        for _ in 0..<1000 {
            stamps.changed(["car"])
            #expect(seen.insert(stamps.stamp(of: "car")).inserted)
        }
    }

    @Test(arguments: Engine.allCases)
    func `what is kept under its stamp is never older than what was answered`(engine: Engine) async throws {
        let store = try await TestStore.notebook(engine)
        let answered = AnsweredCount()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for id in 1...200 {
                    try await store.database.write { tx in
                        tx.touch("car")
                        try tx.add(id)
                    }
                    answered.value = id
                }
            }
            for _ in 0..<4 {
                group.addTask {
                    var kept: (stamp: UInt64, count: Int)?
                    var seen = 0
                    while seen < 200 {
                        let atLeast = answered.value
                        let stamp = store.database.stamp(of: "car")
                        if let kept, kept.stamp == stamp {
                            seen = kept.count
                        } else {
                            seen = try await store.database.ids().count
                            kept = stamp.map { ($0, seen) }
                        }
                        #expect(seen >= atLeast)
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
