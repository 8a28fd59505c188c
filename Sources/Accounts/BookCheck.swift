import Core
package import Jobs
package import Storage

/// Counts the book again every night. Where something does not add up, the job dies, which people are told of; it goes
/// on when somebody begins it again.
package enum BookCheck {
    package static let kind = "book_check"
    /// Not many post at three in the morning in China.
    static let secondsAfterMidnight: Int64 = 3 * 3600
    private static let findingsShown = 5

    /// There is one, from the first start on.
    package static let standing = StandingJob(kind, key: "daily")

    package static func handler(_ database: any Database) -> JobHandler {
        JobHandler(
            kind,
            concurrency: 1,
            action: { _ in
                let verdict = try await database.read { try Book.verify($0) }
                guard verdict.isWhole else {
                    throw HopelessJob(verdict.findings.prefix(findingsShown).joined(separator: "; "))
                }
                return { tx in .again(at: next(after: tx.now)) }
            }
        )
    }

    static func next(after now: Instant) -> Instant {
        let days = Int64(now.adding(seconds: -secondsAfterMidnight).dateInChina.adding(days: 1).daysSinceEpoch)
        return Instant(microseconds: (days * 86_400 - Instant.chinaOffsetSeconds + secondsAfterMidnight) * 1_000_000)
    }
}
