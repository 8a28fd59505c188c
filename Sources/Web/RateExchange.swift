import Core
import Logging
import Storage

/// Lets instances that share a store share the quotas, too: each tells what its callers used since the last time and
/// hears what the others used, for all of them in one transaction and with no request waiting for it.
///
/// What one instance grants, another has taken out of its own bucket two intervals later at the latest. So a caller
/// who spreads his requests gets, beyond his quota, at most what the others grant him within that time, and never more
/// than a quota of each; and he pays it back, because a bucket may go below zero. Where the store does not answer,
/// every instance counts for itself.
struct RateExchange: Sendable {
    static let interval = Duration.milliseconds(250)
    /// The others come next time. Keeps the transaction short.
    static let callersPerExchange = 512

    let limiter: RateLimiter
    let database: any Database
    let logger: Logger

    /// Goes on until it is cancelled.
    func run() async throws {
        while true {
            try await Task.sleep(for: RateExchange.interval)
            await exchange()
        }
    }

    func exchange() async {
        let uses = limiter.takeUntold(limit: RateExchange.callersPerExchange).sorted { $0.caller < $1.caller }
        guard !uses.isEmpty else { return }
        do {
            let reports = try await database.write { try RateUse.exchange($0, uses) }
            for report in reports { limiter.hear(report) }
        } catch {
            limiter.tellLater(uses)
            logger.warning("quotas could not be shared", metadata: ["error": "\(error)"])
        }
    }
}
