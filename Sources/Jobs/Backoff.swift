import Core

/// How often something is tried, and how long to wait in between: twice as long each time, and some chance in it, so
/// that what failed together does not come back together.
package struct Backoff: Sendable, Hashable {
    /// A number out of a range, every one as likely as any other. Tests inject a seeded one.
    package typealias Chance = @Sendable (ClosedRange<Int64>) -> Int64

    /// Nothing waits longer. A time further away than this was written by a clock that is wrong.
    package static let longestSeconds: Int64 = 86_400
    private static let highestExponent: Int64 = 40

    /// The first pause, at the most.
    package let firstMilliseconds: Int64
    /// Every pause, at the most.
    package let longestMilliseconds: Int64
    package let attempts: Int64

    /// The usual one goes on for an hour.
    package init(firstMilliseconds: Int64 = 1000, longestSeconds: Int64 = 1800, attempts: Int64 = 12) {
        let longest = min(max(1, longestSeconds), Backoff.longestSeconds) * 1000
        self.firstMilliseconds = min(max(1, firstMilliseconds), longest)
        longestMilliseconds = longest
        self.attempts = max(1, attempts)
    }

    /// At least half of what doubling gives.
    package func pauseMilliseconds(after attempt: Int64, _ chance: Chance) -> Int64 {
        let exponent = min(max(0, attempt - 1), Backoff.highestExponent)
        let (doubled, overflow) = firstMilliseconds.multipliedReportingOverflow(by: 1 << exponent)
        let longest = overflow ? longestMilliseconds : min(doubled, longestMilliseconds)
        return chance((longest - longest / 2)...longest)
    }
}
