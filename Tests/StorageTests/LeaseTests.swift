import Core
import Storage
import Support
import Testing

/// Two who want to do what only one may do. Their clocks may be wrong; what is written is right all the same.
@Suite struct LeaseTests {
    private func acquire(_ store: TestStore, _ holder: String) async throws -> Lease? {
        try await store.database.write { try Lease.acquire($0, "work", holder: holder) }
    }

    private func renew(_ store: TestStore, _ lease: Lease) async throws -> Bool {
        try await store.database.write { try lease.renew($0) }
    }

    /// Something that only a holder may write.
    private func note(_ store: TestStore, _ text: String, under lease: Lease) async throws {
        try await store.database.write { tx in
            // The guard comes second: what stood before it must not stay either.
            try tx.execute("INSERT INTO store_fact (name, value) VALUES (\(text), \(lease.holder))")
            try lease.guardWrite(tx)
        }
    }

    private func notes(_ store: TestStore) async throws -> [String] {
        try await store.database.read { tx in
            try tx.rows("SELECT name FROM store_fact ORDER BY name").map { try $0.text(0) }
        }
    }

    @Test(arguments: Engine.allCases)
    func `the first gets it, and nobody else until it is over`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        #expect(try await acquire(store, "a")?.fence == 1)
        #expect(try await acquire(store, "b") == nil)
        #expect(try await acquire(store, "a") == nil, "not even itself: it renews")
        store.clock.advance(seconds: Lease.seconds - 1)
        #expect(try await acquire(store, "b") == nil)
        store.clock.advance(seconds: 1)
        #expect(try await acquire(store, "b")?.fence == 2)
    }

    @Test(arguments: Engine.allCases)
    func `a holder that was stopped for a minute and wakes changes nothing`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        let stopped = try #require(try await acquire(store, "a"))
        try await note(store, "1", under: stopped)
        store.clock.advance(seconds: 60)
        let other = try #require(try await acquire(store, "b"))
        try await note(store, "2", under: other)
        await #expect(throws: LeaseLost(name: "work")) { try await note(store, "3", under: stopped) }
        #expect(try await renew(store, stopped) == false)
        try await store.database.write { try stopped.release($0) }
        #expect(try await acquire(store, "c") == nil, "it cannot give away what is another's")
        try await note(store, "4", under: other)
        #expect(try await notes(store) == ["1", "2", "4"])
    }

    @Test(arguments: Engine.allCases)
    func `a lease that ran out is over although nobody took it`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        let lease = try #require(try await acquire(store, "a"))
        store.clock.advance(seconds: Lease.seconds)
        #expect(try await renew(store, lease) == false)
        await #expect(throws: LeaseLost.self) { try await note(store, "1", under: lease) }
        #expect(try await notes(store) == [])
    }

    @Test(arguments: Engine.allCases)
    func `renewing keeps it, under the same number`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        let lease = try #require(try await acquire(store, "a"))
        for _ in 0..<10 {
            store.clock.advance(seconds: Lease.seconds - 1)
            #expect(try await renew(store, lease))
            #expect(try await acquire(store, "b") == nil)
        }
        try await note(store, "1", under: lease)
        #expect(try await notes(store) == ["1"])
    }

    @Test(arguments: Engine.allCases)
    func `what is given back is there at once, under a higher number`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        var last: Int64 = 0
        for holder in ["a", "b", "a", "c"] {
            let lease = try #require(try await acquire(store, holder))
            #expect(lease.fence > last)
            last = lease.fence
            try await store.database.write { try lease.release($0) }
            await #expect(throws: LeaseLost.self) { try await note(store, holder, under: lease) }
        }
    }

    @Test(arguments: Engine.allCases)
    func `of many who ask at once one gets it`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        let leases = try await withThrowingTaskGroup(of: Lease?.self) { group in
            for number in 0..<20 { group.addTask { try await acquire(store, "h\(number)") } }
            return try await group.reduce(into: [Lease]()) { all, lease in if let lease { all.append(lease) } }
        }
        #expect(leases.map(\.fence) == [1])
    }

    @Test(arguments: Engine.allCases)
    func `leases of other names are others`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        #expect(try await acquire(store, "a") != nil)
        #expect(try await store.database.write { try Lease.acquire($0, "other", holder: "a") }?.fence == 1)
    }

    // MARK: Clocks

    @Test(arguments: Engine.allCases)
    func `an end that a wrong clock put far away keeps nobody waiting`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        store.clock.advance(seconds: 86_400)
        let wrong = try #require(try await acquire(store, "a"))
        store.clock.advance(seconds: -86_400)
        let right = try #require(try await acquire(store, "b"))
        #expect(right.fence == 2)
        try await note(store, "1", under: right)
        await #expect(throws: LeaseLost.self) { try await note(store, "2", under: wrong) }
        #expect(try await notes(store) == ["1"])
    }

    @Test(arguments: Engine.allCases)
    func `a clock that is a little behind takes nothing from a holder that is alive`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        let lease = try #require(try await acquire(store, "ahead"))
        for milliseconds in [Int64(-1), -50, -14_000] {
            store.clock.set(ManualClock.start.adding(milliseconds: milliseconds))
            #expect(try await acquire(store, "behind") == nil)
        }
        store.clock.set(ManualClock.start)
        try await note(store, "1", under: lease)
        #expect(try await notes(store) == ["1"])
    }

    @Test(arguments: Engine.allCases)
    func `a clock that is ahead takes over too soon, and then only it can write`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        let first = try #require(try await acquire(store, "a"))
        store.clock.advance(seconds: 3600)
        let second = try #require(try await acquire(store, "ahead"))
        store.clock.advance(seconds: -3600)
        await #expect(throws: LeaseLost.self) { try await note(store, "1", under: first) }
        try await note(store, "2", under: second)
        #expect(try await notes(store) == ["2"])
    }

    @Test(arguments: Engine.allCases)
    func `after a clock jumped about, the highest number alone writes`(engine: Engine) async throws {
        let store = try await TestStore.open(engine)
        var random = SeededRandom(seed: 20_261_122)
        var leases: [Lease] = []
        for step in 0..<40 {
            store.clock.advance(seconds: Int64.random(in: -40...40, using: &random))
            if let lease = try await acquire(store, "h\(step)") { leases.append(lease) }
            #expect(leases.map(\.fence) == (1...leases.count).map { Int64($0) })
            for lease in leases.dropLast() {
                await #expect(throws: LeaseLost.self) { try await note(store, "never", under: lease) }
            }
        }
        #expect(leases.count > 5)
    }

    @Test(arguments: Engine.allCases)
    func `nobody takes over between the guard and the commit`(engine: Engine) async throws {
        let store = try await TestStore.open(engine, in: .disk)
        let lease = try #require(try await acquire(store, "a"))
        let gate = Gate()
        async let written: Void = store.database.write { tx in
            try lease.guardWrite(tx)
            gate.pass()
            try tx.execute("INSERT INTO store_fact (name, value) VALUES ('late', 'a')")
        }
        await gate.isReached()
        store.clock.advance(seconds: 60)
        async let seen = store.database.write { tx in
            guard try Lease.acquire(tx, "work", holder: "b") != nil else { return Int64(-1) }
            return try tx.first("SELECT COUNT(name) FROM store_fact")?.integer(0) ?? 0
        }
        gate.open()
        try await written
        #expect(try await seen == 1, "who took over sees what the last one wrote")
    }
}
