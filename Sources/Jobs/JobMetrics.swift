import CoreMetrics
import Metrics

/// How one attempt at a job ended.
package enum JobEnd: String, Sendable, Hashable, CaseIterable {
    case done
    /// It is due once more.
    case again
    /// It will be tried again.
    case retried
    /// Nobody tries it any more.
    case died
    /// Somebody else has it, or it was cancelled or put off meanwhile: this attempt changed nothing.
    case lost
    /// The attempt was broken off and does not count.
    case returned
}

/// What jobs tell about themselves.
package struct JobMetrics: Sendable {
    private let ends: [JobEnd: Counter]
    private let lateness = Timer(label: "job_lateness")
    private let running = Gauge(label: "jobs_running")
    private let dead = Gauge(label: "jobs_dead")
    private let overdueSeconds = Gauge(label: "jobs_overdue_seconds")
    private let clockJumps = Counter(label: "job_clock_jumps")

    package init() {
        let counters = JobEnd.allCases.map { ($0, Counter(label: "job_attempts", dimensions: [("end", $0.rawValue)])) }
        ends = Dictionary(uniqueKeysWithValues: counters)
    }

    func ended(_ end: JobEnd, _ run: JobRun) {
        ends[end]?.increment()
        if end == .done { lateness.recordSeconds(run.lateSeconds) }
    }

    func runs(_ count: Int) {
        running.record(count)
    }

    /// - Parameter overdue: how long the one that has been due for longest waits.
    func found(dead count: Int, overdue seconds: Int64) {
        dead.record(count)
        overdueSeconds.record(seconds)
    }

    func clockJumped() {
        clockJumps.increment()
    }
}
