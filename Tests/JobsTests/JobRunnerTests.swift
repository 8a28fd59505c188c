import Core
import CoreMetrics
import Jobs
import MetricsTestKit
import ServiceLifecycle
import Storage
import Support
import Synchronization
import Testing

@Suite struct JobRunnerTests {
    /// What jobs did, and whoever waits for it.
    private final class Diary: Sendable {
        private let (stream, continuation) = AsyncStream<String>.makeStream()

        func note(_ text: String) { continuation.yield(text) }

        func next() async -> String? {
            for await text in stream { return text }
            return nil
        }
    }

    /// - Parameter polls: whether it looks by itself, or only when it is rung.
    private func runner(
        _ world: JobWorld,
        _ handlers: [JobHandler],
        bell: JobBell = JobBell(),
        polls: Bool = true
    ) -> JobRunner {
        JobRunner(
            database: world.store.database,
            handlers: handlers,
            bell: bell,
            clock: world.clock,
            logger: JobWorld.logger,
            pause: { pause in
                let isPoll = pause == JobRunner.pollInterval
                try await Task.sleep(for: isPoll && !polls ? .seconds(3600) : .milliseconds(1))
            }
        )
    }

    private func noting(_ diary: Diary) -> JobHandler {
        JobHandler(
            JobWorld.kind,
            action: { run in
                diary.note(run.job.key)
                return { tx in try JobWorld.note(tx, run) }
            }
        )
    }

    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `a runner does what falls due until it is told to stop`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        let diary = Diary()
        let runner = runner(world, [noting(diary)])
        let service = Task { try await runner.run() }
        try await world.enqueue("1")
        #expect(await diary.next() == "1")
        try await world.enqueue("2", inSeconds: 10)
        try await world.enqueue("3")
        #expect(await diary.next() == "3")
        world.clock.advance(seconds: 10)
        #expect(await diary.next() == "2")
        service.cancel()
        try await service.value
        try await world.enqueue("4")
        let deeds = try await world.deeds()
        #expect(deeds.starts(with: ["1"]))
        #expect(!deeds.contains("4"))
    }

    @Test(.timeLimit(.minutes(10)))
    func `who rings is served at once`() async throws {
        let world = try await JobWorld(.sqlite)
        let (diary, bell) = (Diary(), JobBell())
        let runner = runner(world, [noting(diary)], bell: bell, polls: false)
        let service = Task { try await runner.run() }
        for key in ["1", "2", "3"] {
            try await world.enqueue(key)
            bell.ring()
            #expect(await diary.next() == key)
        }
        service.cancel()
        try await service.value
    }

    @Test(.timeLimit(.minutes(10)))
    func `so many run at the same time and no more`() async throws {
        let world = try await JobWorld(.sqlite)
        let running = Mutex((now: 0, most: 0))
        let diary = Diary()
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let handler = JobHandler(
            JobWorld.kind,
            action: { run in
                running.withLock { running in
                    running.now += 1
                    running.most = max(running.most, running.now)
                }
                diary.note(run.job.key)
                for await _ in gate { break }
                running.withLock { $0.now -= 1 }
                return { tx in try JobWorld.note(tx, run) }
            }
        )
        let count = JobRunner.concurrency * 3
        for number in 0..<count { try await world.enqueue("\(100 + number)") }
        let runner = runner(world, [handler])
        let service = Task { try await runner.run() }
        for _ in 0..<JobRunner.concurrency { _ = await diary.next() }
        opener.finish()
        for _ in JobRunner.concurrency..<count { _ = await diary.next() }
        service.cancel()
        try await service.value
        #expect(running.withLock { $0.most } == JobRunner.concurrency)
    }

    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `a runner that is told to stop finishes what it has begun`(engine: Engine) async throws {
        let world = try await JobWorld(engine)
        let diary = Diary()
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let handler = JobHandler(
            JobWorld.kind,
            action: { run in
                diary.note(run.job.key)
                for await _ in gate { break }
                return { tx in try JobWorld.note(tx, run) }
            }
        )
        try await world.enqueue("1")
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: runner(world, [handler]))],
                logger: JobWorld.logger
            )
        )
        let running = Task { try await group.run() }
        #expect(await diary.next() == "1")
        await group.triggerGracefulShutdown()
        opener.finish()
        try await running.value
        #expect(try await world.deeds() == ["1"])
        #expect(try await world.job("1")?.state == .done)
    }

    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `a runner that is cancelled gives back what it holds, and the attempt does not count`(
        engine: Engine
    ) async throws {
        let world = try await JobWorld(engine)
        let diary = Diary()
        let endless = JobHandler(
            JobWorld.kind,
            action: { run in
                diary.note(run.job.key)
                try await Task.sleep(for: .seconds(3600))
                return { _ in .done }
            }
        )
        try await world.enqueue("1")
        let runner = runner(world, [endless])
        let service = Task { try await runner.run() }
        #expect(await diary.next() == "1")
        service.cancel()
        try await service.value
        #expect(try await world.job("1")?.attempts == 0)
        // Nobody has to wait until its hold runs out.
        #expect(try await world.worker().drain() == [.done])
        #expect(try await world.deeds() == ["1"])
    }

    @Test(.timeLimit(.minutes(10)))
    func `a clock that leaps ahead makes nothing fall due`() async throws {
        let world = try await JobWorld(.sqlite)
        let (diary, bell) = (Diary(), JobBell())
        let runner = runner(world, [noting(diary)], bell: bell)
        let service = Task { try await runner.run() }
        try await world.enqueue("1")
        #expect(await diary.next() == "1")
        try await world.enqueue("2", inSeconds: 3600)
        world.clock.advance(seconds: 26 * 3600)
        try await world.enqueue("3")
        // Set right again, what is due is done, and only that.
        for _ in 0..<20 {
            bell.ring()
            try await Task.sleep(for: .milliseconds(1))
        }
        world.clock.advance(seconds: -26 * 3600)
        try await world.enqueue("4")
        #expect(await diary.next() == "4")
        service.cancel()
        try await service.value
        #expect(try await world.deeds().contains("2") == false)
    }

    @Test(.timeLimit(.minutes(10)))
    func `a clock that is moved on purpose is believed`() async throws {
        let world = try await JobWorld(.sqlite)
        let diary = Diary()
        let runner = JobRunner(
            database: world.store.database,
            handlers: [noting(diary)],
            clock: world.clock,
            watchesClock: false,
            logger: JobWorld.logger,
            pause: { _ in try await Task.sleep(for: .milliseconds(1)) }
        )
        let service = Task { try await runner.run() }
        try await world.enqueue("1", inSeconds: 26 * 3600)
        world.clock.advance(seconds: 26 * 3600)
        #expect(await diary.next() == "1")
        service.cancel()
        try await service.value
    }

    @Test(.timeLimit(.minutes(10)))
    func `a standing job is there from the first start on, once`() async throws {
        let world = try await JobWorld(.sqlite)
        for expected in [1, 2] {
            let diary = Diary()
            let nightly = JobHandler(
                "nightly",
                action: { run in
                    diary.note(run.job.key)
                    return { tx in
                        try JobWorld.note(tx, run)
                        return .again(at: tx.now.adding(seconds: 86_400))
                    }
                }
            )
            let runner = JobRunner(
                database: world.store.database,
                handlers: [nightly],
                standing: [StandingJob("nightly", key: "1", payload: ["n": 1])],
                clock: world.clock,
                logger: JobWorld.logger
            )
            let service = Task { try await runner.run() }
            #expect(await diary.next() == "1")
            while try await world.deeds().count < expected { await Task.yield() }
            service.cancel()
            try await service.value
            #expect(try await world.deeds().count == expected)
            #expect(try await world.job("1", kind: "nightly")?.payload == ["n": 1])
            world.clock.advance(seconds: 86_400)
        }
    }

    @Test func `every end is counted`() async throws {
        let metrics = TestMetrics()
        try await withMetricsFactory(metrics) {
            let world = try await JobWorld(.sqlite)
            try await world.enqueue("1")
            try await world.enqueue("2")
            try await world.worker().drain()
            try await world.enqueue("3")
            try await world.worker([JobHandler(JobWorld.kind) { _, _ in throw HopelessJob("no") }]).drain()
        }
        #expect(try metrics.expectCounter("job_attempts", [("end", "done")]).totalValue == 2)
        #expect(try metrics.expectCounter("job_attempts", [("end", "died")]).totalValue == 1)
    }
}
