import ServiceLifecycle
import Synchronization

/// Ends the process when the outcome of a commit became unknown: what is on the disk is the truth then, and only a new
/// start reads it.
final class StoreLoss: Service {
    private let reported = Atomic<Bool>(false)
    private let signal = AsyncStream<Never>.makeStream()

    var isReported: Bool { reported.load(ordering: .acquiring) }

    func report() {
        reported.store(true, ordering: .releasing)
        signal.continuation.finish()
    }

    /// Returns when the store is lost, which cancels every other service.
    func run() async throws {
        for await _ in signal.stream.cancelOnGracefulShutdown() {}
    }
}
