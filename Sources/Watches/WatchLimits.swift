import Core

/// Limits of this slice, each with its unit.
package enum WatchLimits {
    /// Watches that an organisation may have.
    package static let perOrganization = 500
    /// Of one and the same car, by one organisation: every append writes a row for each.
    package static let perVehicle = 5
    static let nameCharacters = 1...100
    static let noticeTypes = 1...50

    /// Entries that one delivery carries; the next ones follow in the next.
    package static let entriesPerDelivery = 100
    /// The same in bytes of envelopes; one entry is always carried.
    static let envelopeBytesPerDelivery = 256 << 10
    /// Cars of one watch that are told of by one commit.
    static let carsPerCommit = 50
    /// Deliveries read at a time for a stream.
    static let streamedDeliveries = 50
    /// Of a notice's content, in bytes.
    static let noticeBytes = 64 << 10

    /// How long a delivery is kept, accepted or not: what a stream may be resumed from, and sent again.
    package static let keptSeconds: Int64 = 30 * 86_400
    /// Of a delivery's attempts, the last so many are shown.
    static let attemptsShown = 20
    /// How long the secret before the last signs beside it: a receiver has a day to take the new one.
    package static let formerSecretSeconds: Int64 = 86_400
    /// An endpoint that has accepted nothing for so long is disabled (the schedule below ends there).
    package static let failingSeconds: Int64 = 75 * 3600
    /// How soon it is looked whether an organisation is still suspended, to which nothing is sent.
    static let suspensionPauseSeconds: Int64 = 3600
    /// Deliveries under way at a time in one process, of all watches: deadlines share the runner with them.
    static let concurrency = 6
}

/// When a delivery that was not accepted is tried again: for three days, ever more rarely, as Standard Webhooks
/// proposes (standardwebhooks.com, “Deliverability and reliability”; recalled, not read).
package enum RetrySchedule {
    /// Behind each attempt.
    package static let pausesSeconds: [Int64] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
    /// What is added by chance, so that what failed together does not come back together: a tenth, at the most.
    static let chancePart: Int64 = 10

    /// - Parameters:
    ///   - attempts: how many there have been.
    ///   - chance: a number out of a range.
    static func pauseMilliseconds(after attempts: Int64, _ chance: (ClosedRange<Int64>) -> Int64) -> Int64 {
        let last = Int64(pausesSeconds.count) - 1
        let milliseconds = pausesSeconds[Int(min(max(0, attempts - 1), last))] * 1000
        return milliseconds + chance(0...milliseconds / chancePart)
    }
}
