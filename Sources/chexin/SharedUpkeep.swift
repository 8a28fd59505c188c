import Jobs
import Listings
import Logging
import People
import ServiceLifecycle
import Storage
import Watches
import Web

/// What one instance does for all: deletes what has run out, a few rows at a time, so that no caller waits for it.
struct SharedUpkeep: Sendable {
    static let leaseName = "upkeep"
    static let interval = Duration.seconds(60)
    static let rowsPerCommit = 500

    let database: any Database
    let logger: Logger

    var service: some Service {
        LeaseHolder(SharedUpkeep.leaseName, database: database, logger: logger) { lease in
            while true {
                try await Task.sleep(for: SharedUpkeep.interval)
                try await sweep(under: lease)
            }
        }
    }

    /// - Throws: `LeaseLost`. What the store cannot do now is tried again the next time.
    func sweep(under lease: Lease) async throws {
        do {
            try await purge(under: lease, Idempotency.purge)
            try await purge(under: lease, RateUse.purge)
            try await purge(under: lease, PeopleService.purge)
            try await purge(under: lease, Outbox.purge)
            try await purge(under: lease, Imports.purge)
            try await purge(under: lease, Jobs.purge)
            try await purge(under: lease, Deliveries.purge)
        } catch let lost as LeaseLost {
            throw lost
        } catch {
            logger.warning("what has run out could not be deleted", metadata: ["error": "\(error)"])
        }
    }

    /// - Parameter step: deletes up to so many rows, and says how many it found.
    private func purge(
        under lease: Lease,
        _ step: @escaping @Sendable (any Transaction, _ limit: Int) throws -> Int
    ) async throws {
        var purged = SharedUpkeep.rowsPerCommit
        while purged == SharedUpkeep.rowsPerCommit {
            purged = try await database.write { tx in
                try lease.guardWrite(tx)
                return try step(tx, SharedUpkeep.rowsPerCommit)
            }
        }
    }
}
