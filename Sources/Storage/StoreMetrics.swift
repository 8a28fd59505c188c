import CoreMetrics
import Metrics

/// What the store tells about itself. No labels: there is one store in a process.
package struct StoreMetrics: Sendable {
    private let commits = Counter(label: "store_commits")
    private let batchedWrites = Recorder(label: "store_batched_writes")
    private let commitDuration = Timer(label: "store_commit_duration")
    private let failedBatches = Counter(label: "store_failed_batches")
    private let refusedWrites = Counter(label: "store_refused_writes")
    private let waitingWrites = Gauge(label: "store_waiting_writes")
    private let logBytes = Gauge(label: "store_log_bytes")

    package init() {}

    package func committed(_ writes: Int, in duration: Duration) {
        commits.increment()
        batchedWrites.record(writes)
        commitDuration.record(duration: duration)
    }

    package func batchFailed() {
        failedBatches.increment()
    }

    package func writeRefused() {
        refusedWrites.increment()
    }

    package func writesWait(_ count: Int) {
        waitingWrites.record(count)
    }

    package func logHolds(bytes: Int) {
        logBytes.record(bytes)
    }
}
