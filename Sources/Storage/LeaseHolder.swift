import Core
import Cryptography
package import Logging
import ServiceLifecycle

/// Tries to hold a lease, and does its work only while it does.
///
/// Work that goes on although the lease is lost can change nothing, as long as each of its transactions goes through
/// `Lease.guardWrite`.
package struct LeaseHolder: Service {
    /// Runs until it is cancelled, which happens when the lease is lost. Where it returns or throws, the lease is given
    /// back and asked for again later.
    package typealias Work = @Sendable (Lease) async throws -> Void

    /// Two renewals may fail before the lease is over.
    static let renewalInterval = Duration.seconds(Lease.seconds / 3)
    static let acquisitionInterval = Duration.seconds(5)

    private let name: String
    private let holder = SecureRandom.bytes(16).hex
    private let database: any Database
    private let logger: Logger
    private let pause: @Sendable (Duration) async throws -> Void
    private let work: Work

    package init(
        _ name: String,
        database: any Database,
        logger: Logger,
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        work: @escaping Work
    ) {
        self.name = name
        self.database = database
        self.logger = logger
        self.pause = pause
        self.work = work
    }

    /// Returns when the service is told to stop.
    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                await hold()
                try await pause(LeaseHolder.acquisitionInterval)
            }
        }
    }

    /// Returns when the lease is lost, was not to be had, or is not needed any more.
    private func hold() async {
        let asked = ContinuousClock.now
        let (name, holder) = (name, holder)
        do {
            guard let lease = try await database.write({ try Lease.acquire($0, name, holder: holder) }) else { return }
            logger.info("lease is held", metadata: ["lease": "\(name)", "fence": "\(lease.fence)"])
            await work(under: lease, since: asked)
            try await database.write { try lease.release($0) }
        } catch {
            logger.warning("lease cannot be asked for", metadata: ["lease": "\(name)", "error": "\(error)"])
        }
    }

    private func work(under lease: Lease, since asked: ContinuousClock.Instant) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await keepAlive(lease, since: asked) }
            group.addTask { await runWork(lease) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Returns when the lease is lost. The clock that it is measured with goes on while the process is stopped.
    private func keepAlive(_ lease: Lease, since asked: ContinuousClock.Instant) async {
        var end = asked + .seconds(Lease.seconds)
        while ContinuousClock.now < end, (try? await pause(LeaseHolder.renewalInterval)) != nil {
            let asked = ContinuousClock.now
            do {
                guard try await database.write({ try lease.renew($0) }) else { break }
                end = asked + .seconds(Lease.seconds)
            } catch {
                logger.warning("lease cannot be renewed", metadata: ["lease": "\(name)", "error": "\(error)"])
            }
        }
    }

    private func runWork(_ lease: Lease) async {
        do {
            try await work(lease)
        } catch is CancellationError {
            return
        } catch {
            logger.warning("work under a lease ended", metadata: ["lease": "\(name)", "error": "\(error)"])
        }
    }
}
