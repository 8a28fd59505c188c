import Core
import Jobs
import Storage
import Support
import Testing

/// What becomes of jobs between being enqueued and being forgotten.
@Suite struct JobTests {
    @Test(arguments: Engine.allCases)
    func `of a kind there is one job for each key, and the first one counts`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        let (first, second, other) = try await world.store.database.write { tx in
            (
                try Jobs.enqueue(tx, "a", key: "1", payload: ["n": 1]),
                try Jobs.enqueue(tx, "a", key: "1", dueAt: tx.now.adding(seconds: 9), payload: ["n": 2]),
                try Jobs.enqueue(tx, "b", key: "1")
            )
        }
        #expect(first.isNew && !second.isNew && other.isNew)
        #expect(second.job == first.job)
        let job = try #require(try await world.job("1", kind: "a"))
        #expect(job.payload == ["n": 1])
        #expect(job.dueAt == ManualClock.start)
        #expect(job.state == .waiting)
        #expect(try await world.store.database.read { try Jobs.find($0, first.job) } == job)
    }

    @Test(arguments: Engine.allCases)
    func `of many who enqueue the same at once one makes it`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        let made = try await withThrowingTaskGroup(of: (JobID, Bool).self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await world.store.database.writeRetrying { tx in
                        let (job, isNew) = try Jobs.enqueue(tx, "a", key: "1")
                        return (job, isNew)
                    }
                }
            }
            return try await group.reduce(into: [(JobID, Bool)]()) { $0.append($1) }
        }
        #expect(made.count { $0.1 } == 1)
        #expect(Set(made.map(\.0)).count == 1)
    }

    @Test(arguments: Engine.allCases)
    func `what is enqueued by a transaction that fails is not there`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        await #expect(throws: Refused.self) {
            try await world.store.database.write { tx in
                try Jobs.enqueue(tx, JobWorld.kind, key: "1")
                throw Refused()
            }
        }
        #expect(try await world.job("1") == nil)
    }

    @Test(arguments: Engine.allCases)
    func `nothing is done before it is due`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("1", inSeconds: 10)
        #expect(try await world.worker().drain() == [])
        world.clock.advance(milliseconds: 9_999)
        #expect(try await world.worker().drain() == [])
        world.clock.advance(milliseconds: 1)
        #expect(try await world.worker().drain() == [.done])
        #expect(try await world.deeds() == ["1"])
        #expect(try await world.worker().drain() == [])
        let job = try #require(try await world.job("1"))
        #expect(job.state == .done)
        #expect(job.lateSeconds == 0)
    }

    @Test(arguments: Engine.allCases)
    func `what fell due while the server was down is done once, as late, at the time it was due`(
        engine: Engine
    ) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("1", inSeconds: 60)
        try await world.enqueue("2", inSeconds: 3 * 86_400 - 30)
        world.clock.advance(seconds: 3 * 86_400)
        #expect(try await world.worker().drain() == [.done, .done])
        #expect(try await world.deeds() == ["1", "2"])
        #expect(try await world.notes() == ["2026-03-01T08:01:00.000Z late", "2026-03-04T07:59:30.000Z in time"])
        #expect(try await world.job("1")?.lateSeconds == 3 * 86_400 - 60)
    }

    @Test(arguments: Engine.allCases)
    func `what has been due for longest comes first`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        for (key, seconds) in [("c", 3), ("a", 1), ("b", 2)] { try await world.enqueue(key, inSeconds: Int64(seconds)) }
        world.clock.advance(seconds: 60)
        let worker = world.worker()
        var keys: [String] = []
        while let run = try await worker.claim(limit: 1).first {
            keys.append(run.job.key)
            await worker.perform(run)
        }
        #expect(keys == ["a", "b", "c"])
    }

    // MARK: Cancelling and putting off

    @Test(arguments: Engine.allCases)
    func `what is cancelled is never done`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("1", inSeconds: 10)
        let cancelled = try await world.store.database.write { tx in
            (
                try Jobs.cancel(tx, JobWorld.kind, key: "1"), try Jobs.cancel(tx, JobWorld.kind, key: "1"),
                try Jobs.cancel(tx, JobWorld.kind, key: "2")
            )
        }
        #expect(cancelled == (true, false, false))
        world.clock.advance(seconds: 60)
        #expect(try await world.worker().drain() == [])
        #expect(try await world.job("1")?.state == .cancelled)
        // Its key is taken all the same.
        try await world.enqueue("1")
        #expect(try await world.worker().drain() == [])
    }

    @Test(arguments: Engine.allCases)
    func `whoever runs what is cancelled changes nothing`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("1")
        let worker = world.worker()
        let run = try #require(try await worker.claim(limit: 1).first)
        #expect(try await world.store.database.write { try Jobs.cancel($0, JobWorld.kind, key: "1") })
        #expect(await worker.perform(run) == .lost)
        #expect(try await world.deeds() == [])
        #expect(try await world.job("1")?.state == .cancelled)
    }

    @Test(arguments: Engine.allCases)
    func `what is put off is due then, as if never tried, and comes back when it was cancelled`(
        engine: Engine
    ) async throws {
        let world = try await JobWorld(engine)
        let later = ManualClock.start.adding(seconds: 100)
        let reschedule: @Sendable () async throws -> Bool = {
            try await world.store.database.write { try Jobs.reschedule($0, JobWorld.kind, key: "1", to: later) }
        }
        #expect(try await reschedule() == false, "there is none")
        try await world.enqueue("1")
        let worker = world.worker()
        let run = try #require(try await worker.claim(limit: 1).first)
        #expect(try await reschedule())
        #expect(await worker.perform(run) == .lost)
        #expect(try await world.store.database.write { try Jobs.cancel($0, JobWorld.kind, key: "1") })
        #expect(try await reschedule())
        #expect(try await worker.drain() == [])
        world.clock.advance(seconds: 100)
        #expect(try await worker.drain() == [.done])
        #expect(try await world.deeds() == ["1"])
        #expect(try await reschedule() == false, "it is done")
    }

    @Test(arguments: Engine.allCases)
    func `a job that is due again is done once each time`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        let daily = JobHandler("daily") { tx, run in
            try JobWorld.note(tx, run)
            let count = run.job.payload["count"]?.integerValue ?? 0
            guard count < 2 else { return .done }
            return .again(at: run.job.dueAt.adding(seconds: 86_400), payload: ["count": .integer(count + 1)])
        }
        try await world.enqueue("1", kind: "daily")
        let worker = world.worker([daily])
        #expect(try await worker.drain() == [.again])
        #expect(try await worker.drain() == [])
        world.clock.advance(seconds: 86_400)
        #expect(try await worker.drain() == [.again])
        world.clock.advance(seconds: 86_400)
        #expect(try await worker.drain() == [.done])
        #expect(try await world.deeds() == ["1", "1", "1"])
        #expect(try await world.job("1", kind: "daily")?.state == .done)
    }

    // MARK: Forgetting

    @Test(arguments: Engine.allCases)
    func `what has been over for long is forgotten, but not the dead`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        for key in ["done", "cancelled", "dead", "waiting"] {
            try await world.enqueue(key, kind: key, inSeconds: key == "waiting" ? Jobs.keptSeconds * 2 : 0)
        }
        _ = try await world.store.database.write { try Jobs.cancel($0, "cancelled", key: "cancelled") }
        let dying = JobHandler("dead") { _, _ in throw HopelessJob("no") }
        let handlers = [JobHandler("done", effect: JobWorld.note), dying]
        #expect(Set(try await world.worker(handlers).drain()) == [.done, .died])
        let purge: @Sendable () async throws -> Int = {
            try await world.store.database.write { try Jobs.purge($0, limit: 10) }
        }
        world.clock.advance(seconds: Jobs.keptSeconds - 1)
        #expect(try await purge() == 0)
        world.clock.advance(seconds: 1)
        #expect(try await purge() == 2)
        #expect(try await purge() == 0)
        #expect(try await world.job("done", kind: "done") == nil)
        #expect(try await world.job("cancelled", kind: "cancelled") == nil)
        #expect(try await world.job("dead", kind: "dead")?.state == .dead)
        #expect(try await world.job("waiting", kind: "waiting")?.state == .waiting)
    }
}
