package import Core
package import Logging
import ServiceLifecycle
package import Storage
import Synchronization

/// Wakes the runner of this process. Whoever enqueued something that is due at once rings it behind the commit; without
/// it, and in other processes, the job waits for the next look.
package final class JobBell: Sendable {
    private let listener = Mutex<AsyncStream<Void>.Continuation?>(nil)

    package init() {}

    package func ring() {
        listener.withLock { _ = $0?.yield() }
    }

    /// However often it rings while nobody listens, it is heard once.
    func rings() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        listener.withLock { $0 = continuation }
        return stream
    }

    /// Ends the stream of rings.
    func silence() {
        listener.withLock { $0?.finish() }
    }
}

/// Does jobs as they fall due, several at a time. Every instance may have one: each job is taken by one of them.
package final class JobRunner: Service {
    package static let concurrency = 8
    /// How soon something is begun that fell due by itself, or was enqueued elsewhere.
    package static let pollInterval = Duration.milliseconds(500)
    /// How long a job may go on once the service is told to stop, before it is broken off and given back.
    package static let graceSeconds: Int64 = 10
    private static let looksPerSurvey = 30
    private static let graceLook = Duration.milliseconds(20)

    private let worker: JobWorker
    private let standing: [StandingJob]
    private let bell: JobBell
    private let clock: any WallClock
    private let watchesClock: Bool
    private let metrics: JobMetrics
    private let logger: Logger
    private let pause: JobWorker.Pause
    private let slots = JobSlots()
    private let isStopping = Mutex(false)
    private let watch = Mutex(ClockWatch())
    private let started = ContinuousClock.now

    /// - Parameter watchesClock: whether what falls due is held back when the clock leaps ahead; not where it is moved
    ///   on purpose, as a simulation does.
    package init(
        database: any Database,
        handlers: [JobHandler],
        standing: [StandingJob] = [],
        bell: JobBell = JobBell(),
        clock: any WallClock = SystemClock(),
        watchesClock: Bool = true,
        logger: Logger,
        chance: @escaping Backoff.Chance = { Int64.random(in: $0) },
        pause: @escaping JobWorker.Pause = { try await Task.sleep(for: $0) }
    ) {
        metrics = JobMetrics()
        worker = JobWorker(
            database: database,
            handlers: handlers,
            metrics: metrics,
            logger: logger,
            chance: chance,
            pause: pause
        )
        self.standing = standing
        self.bell = bell
        self.clock = clock
        self.watchesClock = watchesClock
        self.logger = logger
        self.pause = pause
    }

    /// Returns when the service is told to stop, and what it had begun is done or given back.
    package func run() async throws {
        let rings = bell.rings()
        bell.ring()
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await serve(rings)
            } onGracefulShutdown: {
                self.stop()
            }
        } onCancel: {
            stop()
        }
    }

    /// What rang before is still heard behind it, and must not begin anything.
    private func stop() {
        isStopping.withLock { $0 = true }
        bell.silence()
    }

    private func serve(_ rings: AsyncStream<Void>) async {
        await withTaskGroup(of: Void.self) { timers in
            timers.addTask { await self.tick() }
            await withDiscardingTaskGroup { jobs in
                for await _ in rings { await startDue(in: &jobs) }
                let end = ContinuousClock.now + .seconds(JobRunner.graceSeconds)
                while !slots.areFree, ContinuousClock.now < end {
                    guard (try? await pause(JobRunner.graceLook)) != nil else { break }
                }
                jobs.cancelAll()
            }
            timers.cancelAll()
        }
    }

    private func tick() async {
        var looks = 0
        repeat {
            if looks % JobRunner.looksPerSurvey == 0 {
                // One that could not be enqueued is, a while later.
                if !standing.isEmpty { await worker.enqueue(standing) }
                await worker.survey()
            }
            bell.ring()
            looks += 1
        } while (try? await pause(JobRunner.pollInterval)) != nil
    }

    private func startDue(in jobs: inout DiscardingTaskGroup) async {
        while !isStopping.withLock({ $0 }), clockIsTrusted {
            let running = slots.running
            let free = JobRunner.concurrency - running.values.reduce(0, +)
            guard free > 0 else { return }
            let runs = await claim(free, running)
            guard !runs.isEmpty else { return }
            // The clock may have leapt while they were taken.
            guard clockIsTrusted else {
                for run in runs { await worker.giveBack(run) }
                return
            }
            for run in runs {
                metrics.runs(slots.take(run.job.kind))
                jobs.addTask {
                    await self.worker.perform(run)
                    self.metrics.runs(self.slots.leave(run.job.kind))
                    self.bell.ring()
                }
            }
        }
    }

    private func claim(_ free: Int, _ running: [String: Int]) async -> [JobRun] {
        do {
            return try await worker.claim(limit: free, running: running)
        } catch {
            logger.warning("jobs cannot be taken", metadata: ["error": "\(error)"])
            return []
        }
    }

    private var clockIsTrusted: Bool {
        guard watchesClock else { return true }
        switch watch.withLock({ $0.look(wall: clock.now(), elapsed: ContinuousClock.now - started) }) {
        case .steady: return true
        case .held: return false
        case .jumped(let seconds):
            metrics.clockJumped()
            logger.error("the clock leapt ahead; nothing falls due for now", metadata: ["seconds": "\(seconds)"])
            return false
        }
    }
}

/// How many jobs of each kind run.
private final class JobSlots: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    var running: [String: Int] { counts.withLock { $0 } }

    var areFree: Bool { counts.withLock { $0.isEmpty } }

    /// - Returns: how many run now, of all kinds.
    func take(_ kind: String) -> Int {
        counts.withLock { counts in
            counts[kind, default: 0] += 1
            return counts.values.reduce(0, +)
        }
    }

    func leave(_ kind: String) -> Int {
        counts.withLock { counts in
            let left = counts[kind, default: 1] - 1
            counts[kind] = left > 0 ? left : nil
            return counts.values.reduce(0, +)
        }
    }
}
