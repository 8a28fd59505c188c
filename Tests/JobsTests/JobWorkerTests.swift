import Core
import Jobs
import Storage
import Support
import Synchronization
import Testing

/// Every job is done once, whoever dies and whoever is slow.
@Suite struct JobWorkerTests {
    private static let leaseSeconds: Int64 = 60

    @Test(.timeLimit(.minutes(10)), arguments: [(Engine.sqlite, 200), (.postgres, 100)])
    func `of fifty workers one does each job`(engine: Engine, count: Int) async throws {
        let world = try await JobWorld(engine, in: .disk)
        try await world.store.database.write { tx in
            for number in 0..<count { try Jobs.enqueue(tx, JobWorld.kind, key: "\(1000 + number)") }
        }
        let done = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<50 {
                group.addTask { try await world.worker(seed: UInt64(number)).drain().count { $0 == .done } }
            }
            return try await group.reduce(0, +)
        }
        // One that lost every race leaves the rest to the others, who may be through by then.
        let rest = try await world.worker().drain().count
        #expect(done + rest == count)
        #expect(try await world.deeds() == (0..<count).map { "\(1000 + $0)" })
    }

    // MARK: Holding

    @Test(arguments: Engine.allCases)
    func `a worker that slept is fenced off when another took the job`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("1")
        let (sleeper, other) = (world.worker(), world.worker())
        let old = try #require(try await sleeper.claim(limit: 1).first)
        #expect(try await other.claim(limit: 1).isEmpty)
        world.clock.advance(seconds: Self.leaseSeconds)
        let new = try #require(try await other.claim(limit: 1).first)
        #expect(new.job.fence > old.job.fence)
        #expect(await sleeper.perform(old) == .lost)
        #expect(try await world.deeds() == [])
        #expect(await other.perform(new) == .done)
        #expect(await sleeper.perform(old) == .lost)
        #expect(await other.perform(new) == .lost, "it is done")
        #expect(try await world.deeds() == ["1"])
    }

    @Test(arguments: Engine.allCases)
    func `a worker whose time ran out may finish what nobody took`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("1")
        let run = try #require(try await world.worker().claim(limit: 1).first)
        world.clock.advance(seconds: Self.leaseSeconds * 10)
        #expect(await world.worker().perform(run) == .done)
        #expect(try await world.worker().drain() == [])
        #expect(try await world.deeds() == ["1"])
    }

    /// Whoever takes over waits until the one who writes has committed, and finds it done.
    @Test(arguments: Engine.allCases)
    func `of two who finish at once one does`(engine: Engine) async throws {
        let world = try await JobWorld(engine, in: .disk)
        try await world.enqueue("1")
        let worker = world.worker()
        let run = try #require(try await worker.claim(limit: 1).first)
        let ends = await withTaskGroup(of: JobEnd.self) { group in
            for _ in 0..<8 { group.addTask { await worker.perform(run) } }
            return await group.reduce(into: [JobEnd]()) { $0.append($1) }
        }
        #expect(ends.count { $0 == .done } == 1)
        #expect(ends.count { $0 == .lost } == 7)
        #expect(try await world.deeds() == ["1"])
    }

    // MARK: Effect and mark

    @Test(arguments: Engine.allCases)
    func `an effect that fails leaves no trace`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("1")
        let failing = JobHandler(JobWorld.kind) { tx, run in
            try JobWorld.note(tx, run)
            throw Refused()
        }
        #expect(try await world.worker([failing]).drain() == [.retried])
        #expect(try await world.deeds() == [])
        let job = try #require(try await world.job("1"))
        #expect(job.state == .retrying)
        #expect(job.fault == "refused")
        world.clock.advance(seconds: 1)
        #expect(try await world.worker().drain() == [.done])
        #expect(try await world.deeds() == ["1"])
    }

    /// The process dies at every write in turn, before it or when it is committed and nobody heard: then another one
    /// goes on.
    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases, FailingDatabase.Fault.allCases)
    func `whenever a process dies every job is done once`(engine: Engine, fault: FailingDatabase.Fault) async throws {
        var number = 1
        while true {
            let world = try await JobWorld(engine)
            for key in ["1", "2", "3"] { try await world.enqueue(key) }
            let last = number
            let dying = FailingDatabase(world.store.database) { $0 >= last ? fault : nil }
            let doomed = world.worker(on: dying)
            do {
                while let run = try await doomed.claim(limit: 1).first, dying.writeCount < last {
                    _ = await doomed.perform(run)
                }
            } catch is Failure {}
            let died = dying.writeCount >= last
            for _ in 0..<4 {
                world.clock.advance(seconds: Self.leaseSeconds)
                try await world.worker().drain()
            }
            #expect(try await world.deeds() == ["1", "2", "3"], "dies at write \(last)")
            if !died { break }
            number += 1
        }
        #expect(number > 5)
    }

    // MARK: Trying again

    @Test(arguments: Engine.allCases)
    func `pauses double, with chance in them, until the job is dead`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("1")
        let backoff = Backoff(firstMilliseconds: 1000, longestSeconds: 4, attempts: 5)
        let failing = JobHandler(JobWorld.kind, backoff: backoff) { _, _ in throw Refused() }
        var pauses: [Int64] = []
        let worker = world.worker([failing])
        for attempt in 1..<5 {
            #expect(try await worker.drain() == [.retried])
            let job = try #require(try await world.job("1"))
            #expect(job.attempts == attempt)
            pauses.append(job.at.milliseconds - world.clock.now().milliseconds)
            world.clock.set(job.at.adding(milliseconds: -1))
            #expect(try await worker.drain() == [])
            world.clock.set(job.at)
        }
        for (pause, longest) in zip(pauses, [Int64(1000), 2000, 4000, 4000]) {
            #expect((longest / 2...longest).contains(pause))
        }
        #expect(Set(pauses.map { $0 % 1000 }).count > 1, "there is chance in it")
        #expect(try await worker.drain() == [.died])
        world.clock.advance(seconds: 10 * 86_400)
        #expect(try await worker.drain() == [])
    }

    @Test(arguments: Engine.allCases)
    func `a person lists the dead and begins them again`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        let hopeless = JobHandler(JobWorld.kind) { _, _ in throw HopelessJob("the address is gone") }
        for key in ["1", "2", "3"] {
            try await world.enqueue(key)
            #expect(try await world.worker([hopeless]).drain() == [.died])
            world.clock.advance(seconds: 1)
        }
        let first = try await world.store.database.read { try Jobs.dead($0, limit: 2) }
        #expect(first.map(\.key) == ["3", "2"])
        #expect(first.map(\.fault) == ["the address is gone", "the address is gone"])
        #expect(first.map(\.attempts) == [1, 1])
        let rest = try await world.store.database.read { try Jobs.dead($0, after: first.last, limit: 2) }
        #expect(rest.map(\.key) == ["1"])
        let dead = try #require(rest.first)
        let again = try await world.store.database.write { try Jobs.retry($0, dead.id) }
        #expect(again.state == .waiting && again.attempts == 0)
        #expect(again.dueAt == dead.dueAt, "it stays as late as it is")
        #expect(try await world.worker().drain() == [.done])
        #expect(try await world.deeds() == ["1"])
        await #expect { try await world.store.database.write { try Jobs.retry($0, dead.id) } } throws: { error in
            (error as? Failure)?.type == .jobState
        }
        let unknown = JobID(at: ManualClock.start)
        await #expect { try await world.store.database.write { try Jobs.retry($0, unknown) } } throws: { error in
            (error as? Failure)?.type == .jobNotFound
        }
    }

    @Test(arguments: Engine.allCases)
    func `a job that every worker dies of is dead in the end`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("1")
        let handler = JobHandler(JobWorld.kind, backoff: Backoff(attempts: 3), effect: JobWorld.note)
        let worker = world.worker([handler])
        for _ in 0..<3 {
            #expect(try await worker.claim(limit: 1).count == 1)
            world.clock.advance(seconds: Self.leaseSeconds)
        }
        #expect(try await worker.drain() == [.died])
        #expect(try await world.deeds() == [])
        #expect(try await world.job("1")?.state == .dead)
    }

    @Test(arguments: Engine.allCases)
    func `a store that fails is not the job's fault`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("1")
        let handler = JobHandler(JobWorld.kind, backoff: Backoff(attempts: 1)) { _, _ in throw Failure(.storeFull) }
        for _ in 0..<5 {
            #expect(try await world.worker([handler]).drain() == [.returned])
            world.clock.advance(seconds: 5)
        }
        #expect(try await world.job("1")?.attempts == 0)
        #expect(try await world.worker().drain() == [.done])
    }

    // MARK: Kinds

    @Test(arguments: Engine.allCases)
    func `kinds that nobody here knows wait for somebody who does`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("1", kind: "of a newer program")
        #expect(try await world.worker().drain() == [])
        #expect(try await world.job("1", kind: "of a newer program")?.attempts == 0)
        #expect(try await world.worker([]).claim(limit: 5).isEmpty)
    }

    @Test(arguments: Engine.allCases)
    func `of a kind that may take two places it takes two`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        for key in ["1", "2", "3", "4"] { try await world.enqueue(key, kind: "slow") }
        try await world.enqueue("5")
        let slow = JobHandler("slow", concurrency: 2, effect: JobWorld.note)
        let worker = world.worker([slow, JobWorld.handler])
        let first = try await worker.claim(limit: 8)
        #expect(first.map(\.job.kind).sorted() == [JobWorld.kind, "slow", "slow"])
        #expect(try await worker.claim(limit: 8, running: ["slow": 2]).isEmpty)
        #expect(try await worker.claim(limit: 8, running: ["slow": 1]).count == 1)
    }

    // MARK: Actions

    @Test(arguments: Engine.allCases)
    func `an action that takes long keeps its job`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("1")
        let renewals = Mutex(0)
        let (renewed, signal) = AsyncStream<Void>.makeStream()
        let slow = JobHandler(
            JobWorld.kind,
            action: { _ in
                for await _ in renewed { break }
                return { tx in
                    try tx.execute("INSERT INTO store_fact (name, value) VALUES ('1#', '')")
                    return .done
                }
            }
        )
        let worker = world.worker(
            [slow],
            pause: { _ in
                // The second time, it was renewed for the first.
                let count = renewals.withLock { renewals in
                    renewals += 1
                    return renewals
                }
                if count == 6 { signal.yield() }
                if count >= 6 { try await Task.sleep(for: .seconds(3600)) }
                world.clock.advance(seconds: 20)
            }
        )
        let run = try #require(try await worker.claim(limit: 1).first)
        #expect(await worker.perform(run) == .done)
        #expect(world.clock.now().seconds(since: ManualClock.start) == 100)
        #expect(try await world.deeds() == ["1"])
    }

    @Test(arguments: Engine.allCases)
    func `an action ends when its job is taken away`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        try await world.enqueue("1")
        let endless = JobHandler(
            JobWorld.kind,
            action: { _ in
                try await Task.sleep(for: .seconds(3600))
                return { _ in .done }
            }
        )
        let worker = world.worker(
            [endless],
            pause: { _ in
                _ = try await world.store.database.write { try Jobs.cancel($0, JobWorld.kind, key: "1") }
            }
        )
        let run = try #require(try await worker.claim(limit: 1).first)
        #expect(await worker.perform(run) == .lost)
        #expect(try await world.job("1")?.state == .cancelled)
    }
}
