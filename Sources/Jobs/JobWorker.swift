import Core
package import Logging
package import Storage

/// Takes jobs that are due, and does them.
package struct JobWorker: Sendable {
    package typealias Pause = @Sendable (Duration) async throws -> Void

    /// Two renewals may fail before a job is lost.
    private static let renewalInterval = Duration.seconds(JobClaim.seconds / 3)
    /// More are looked at than are taken, because others look at the same time.
    private static let candidatesPerSlot = 2
    private static let candidatesMinimum = 16
    private static let claimRounds = 3
    private static let faultLengthMaximum = 500
    /// How long a job waits whose attempt ended because the store could not be written.
    private static let storePauseMilliseconds: Int64 = 5000
    /// As many of the dead as it is worth to count.
    private static let deadCounted = 1000

    private let database: any Database
    private let handlers: [String: JobHandler]
    private let metrics: JobMetrics
    private let logger: Logger
    private let chance: Backoff.Chance
    private let pause: Pause

    package init(
        database: any Database,
        handlers: [JobHandler],
        metrics: JobMetrics = JobMetrics(),
        logger: Logger,
        chance: @escaping Backoff.Chance = { Int64.random(in: $0) },
        pause: @escaping Pause = { try await Task.sleep(for: $0) }
    ) {
        self.database = database
        self.handlers = Dictionary(handlers.map { ($0.kind, $0) }) { _, last in last }
        self.metrics = metrics
        self.logger = logger
        self.chance = chance
        self.pause = pause
    }

    /// Does everything that is due, one after the other, until nothing is.
    /// - Returns: how each attempt ended, in order.
    @discardableResult
    package func drain() async throws -> [JobEnd] {
        var ends: [JobEnd] = []
        while let run = try await claim(limit: 1).first {
            try Task.checkCancellation()
            ends.append(await perform(run))
        }
        return ends
    }

    // MARK: Taking

    /// Takes what has been due for longest.
    ///
    /// - Parameter running: how many of each kind run already.
    package func claim(limit: Int, running: [String: Int] = [:]) async throws -> [JobRun] {
        let free = handlers.mapValues { max(0, $0.concurrency - running[$0.kind, default: 0]) }
        let kinds = free.filter { $0.value > 0 }.keys.sorted()
        let seen = max(limit * JobWorker.candidatesPerSlot, JobWorker.candidatesMinimum)
        for round in 0..<JobWorker.claimRounds {
            let candidates = try await database.read { try JobClaim.due($0, kinds, limit: seen) }
            let chosen = choose(candidates, limit: limit, free: free, isFirst: round == 0)
            guard !chosen.isEmpty else { return [] }
            let taken = try await database.write { tx in
                let jobs = try chosen.compactMap { try JobClaim.take(tx, $0) }
                return jobs.map { JobRun(job: $0, begunAt: tx.now) }
            }
            if !taken.isEmpty { return taken }
        }
        return []
    }

    /// Whoever lost a race takes any others, so as not to meet the same ones again. In the order of their identifiers:
    /// two who take several wait for each other in one direction only.
    private func choose(
        _ candidates: [JobClaim.Candidate],
        limit: Int,
        free: [String: Int],
        isFirst: Bool
    ) -> [JobClaim.Candidate] {
        var free = free
        var rest = candidates
        var chosen: [JobClaim.Candidate] = []
        while chosen.count < limit, !rest.isEmpty {
            let index = isFirst ? 0 : Int(chance(0...Int64(rest.count - 1)))
            let candidate = rest.remove(at: index)
            guard free[candidate.kind, default: 0] > 0 else { continue }
            free[candidate.kind, default: 0] -= 1
            chosen.append(candidate)
        }
        return chosen.sorted { $0.id < $1.id }
    }

    // MARK: Doing

    /// Never throws: whatever happens, the job is done, put off, given back or dead, or its hold runs out.
    @discardableResult
    package func perform(_ run: JobRun) async -> JobEnd {
        let end = await attempt(run)
        metrics.ended(end, run)
        return end
    }

    private func attempt(_ run: JobRun) async -> JobEnd {
        guard let handler = handlers[run.job.kind] else { return await giveBack(run) }
        // Nobody said how the attempts before ended: whoever made them died of it, perhaps.
        guard run.job.attempts <= handler.backoff.attempts else {
            return await bury(run, "every attempt was broken off")
        }
        do {
            return try await carryOut(run, handler)
        } catch let error as JobFenced {
            logger.notice("a job was taken away", metadata: ["job": "\(error.id)", "kind": "\(run.job.kind)"])
            return .lost
        } catch is CancellationError {
            return await giveBack(run)
        } catch let error as HopelessJob {
            return await bury(run, error.reason)
        } catch let failure as Failure where JobWorker.storeFailures.contains(failure.type) {
            return await giveBack(run, milliseconds: JobWorker.storePauseMilliseconds)
        } catch {
            return await putOff(run, handler.backoff, "\(error)")
        }
    }

    /// Not the fault of any job. A store that is merely busy may be so because of it.
    private static let storeFailures: Set<ProblemType> = [.storeLost, .storeFull, .storeReadOnly]

    private func carryOut(_ run: JobRun, _ handler: JobHandler) async throws -> JobEnd {
        let effect: JobHandler.Effect
        switch handler.work {
        case .effect(let body): effect = { tx in try body(tx, run) }
        case .action(let action): effect = try await act(run, action)
        }
        let outcome = try await database.writeRetrying { tx in
            try JobClaim.guardWrite(tx, run.job)
            let outcome = try effect(tx)
            try JobClaim.finish(tx, run.job, outcome)
            return outcome
        }
        return outcome == .done ? .done : .again
    }

    /// Keeps the job as long as the action goes on.
    private func act(
        _ run: JobRun,
        _ action: @escaping @Sendable (JobRun) async throws -> JobHandler.Effect
    ) async throws -> JobHandler.Effect {
        try await withThrowingTaskGroup(of: JobHandler.Effect.self) { group in
            group.addTask { try await action(run) }
            group.addTask { try await keep(run.job) }
            defer { group.cancelAll() }
            guard let effect = try await group.next() else { throw CancellationError() }
            return effect
        }
    }

    /// - Throws: `JobFenced` where the job was lost.
    private func keep(_ job: Job) async throws -> JobHandler.Effect {
        while true {
            try await pause(JobWorker.renewalInterval)
            do {
                guard try await database.write({ try JobClaim.renew($0, job) }) else { throw JobFenced(id: job.id) }
            } catch let failure as Failure {
                logger.warning("a job cannot be kept", metadata: ["job": "\(job.id)", "error": "\(failure)"])
            }
        }
    }

    // MARK: When it came to nothing

    private func putOff(_ run: JobRun, _ backoff: Backoff, _ fault: String) async -> JobEnd {
        guard run.job.attempts < backoff.attempts else { return await bury(run, fault) }
        let milliseconds = backoff.pauseMilliseconds(after: run.job.attempts, chance)
        let text = JobWorker.shortened(fault)
        log(.warning, "a job failed and will be tried again", run, fault)
        return await note(run, .retried) { tx in
            try JobClaim.putOff(tx, run.job, milliseconds: milliseconds, fault: text)
        }
    }

    private func bury(_ run: JobRun, _ fault: String) async -> JobEnd {
        let text = JobWorker.shortened(fault)
        log(.error, "a job is not tried any more", run, fault)
        return await note(run, .died) { tx in try JobClaim.bury(tx, run.job, fault: text) }
    }

    /// The attempt does not count.
    @discardableResult
    func giveBack(_ run: JobRun, milliseconds: Int64 = 0) async -> JobEnd {
        await note(run, .returned) { tx in try JobClaim.giveBack(tx, run.job, milliseconds: milliseconds) }
    }

    private func note(
        _ run: JobRun,
        _ end: JobEnd,
        _ write: @escaping @Sendable (any Transaction) throws -> Void
    ) async -> JobEnd {
        do {
            try await database.write(write)
            return end
        } catch {
            // Its hold runs out, and somebody takes it then.
            log(.warning, "how a job ended could not be written", run, "\(error)")
            return .lost
        }
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ run: JobRun, _ fault: String) {
        logger.log(
            level: level,
            message,
            metadata: [
                "job": "\(run.job.id)", "kind": "\(run.job.kind)", "attempts": "\(run.job.attempts)",
                "error": "\(fault)",
            ]
        )
    }

    private static func shortened(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0 != "\0" }.prefix(faultLengthMaximum).map(Character.init))
    }

    // MARK: Looking around

    /// Sees to it that there is each of them.
    func enqueue(_ standing: [StandingJob]) async {
        do {
            try await database.writeRetrying { tx in
                for job in standing { try Jobs.enqueue(tx, job.kind, key: job.key, payload: job.payload) }
            }
        } catch {
            logger.warning("standing jobs cannot be enqueued", metadata: ["error": "\(error)"])
        }
    }

    /// Tells the metrics what waits and what is dead.
    func survey() async {
        do {
            let (now, dead, oldest) = try await database.read { tx in
                (
                    tx.now, try JobStore.deadCount(tx, limit: JobWorker.deadCounted),
                    [try JobStore.oldest(tx, .waiting), try JobStore.oldest(tx, .retrying)].compactMap { $0 }.min()
                )
            }
            metrics.found(dead: dead, overdue: oldest.map { max(0, now.seconds(since: $0)) } ?? 0)
        } catch {
            logger.warning("jobs cannot be counted", metadata: ["error": "\(error)"])
        }
    }
}
