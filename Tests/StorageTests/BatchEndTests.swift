import Storage
import StorageSQLite
import Support
import Synchronization
import Testing

/// What a batch of writes ends with.
@Suite struct BatchEndTests {
    private static let topic = "notes"

    @Test func `many writes are ended once, in their own commit`() async throws {
        let store = try await HeldStore.open()
        let runs = Atomic<Int>(0)
        let isRegistered = store.database.endBatches(touching: Self.topic) { tx in
            runs.add(1, ordering: .relaxed)
            try tx.add(try tx.rows("SELECT id FROM note").count + 100)
        }
        #expect(isRegistered)
        let before = store.commits
        var writes: [Task<Void, any Error>] = []
        for id in 0..<3 { writes.append(await store.begin { try $0.addTouching(id) }) }
        try await store.release()
        for write in writes { try await write.value }
        #expect(runs.load(ordering: .relaxed) == 1)
        #expect(try await store.database.ids() == [0, 1, 2, 103])
        // One for the write before the gate, one for the three behind it.
        #expect(store.commits - before == 2)
    }

    @Test func `a batch in which nothing of the topic stayed is not ended`() async throws {
        let store = try await HeldStore.open()
        _ = store.database.endBatches(touching: Self.topic) { try $0.add(100) }
        let other = await store.begin { try $0.add(1) }
        let refused = await store.begin { tx in
            try tx.addTouching(2)
            throw Refused()
        }
        try await store.release()
        try await other.value
        await #expect(throws: Refused()) { try await refused.value }
        #expect(try await store.database.ids() == [1])
    }

    @Test func `where the end throws, nothing of the batch has happened, and the next one goes on`() async throws {
        let store = try await HeldStore.open()
        let runs = Atomic<Int>(0)
        _ = store.database.endBatches(touching: Self.topic) { tx in
            try tx.add(100)
            if runs.add(1, ordering: .relaxed).newValue == 1 { throw Refused() }
        }
        let touching = await store.begin { try $0.addTouching(1) }
        let neighbour = await store.begin { try $0.add(2) }
        try await store.release()
        await #expect(throws: Refused()) { try await touching.value }
        await #expect(throws: Refused()) { try await neighbour.value }
        #expect(try await store.database.ids() == [])
        try await store.database.write { try $0.addTouching(3) }
        #expect(try await store.database.ids() == [3, 100])
    }
}

extension Transaction {
    fileprivate func addTouching(_ id: Int) throws {
        try add(id)
        touch("notes")
    }
}
