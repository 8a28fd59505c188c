package import Core

/// Failed sign-ins that have not been forgotten, of an account or an address.
package struct FailedSignIns: Sendable, Hashable {
    package let count: Int64
    package let lastAt: Instant

    package init(count: Int64, lastAt: Instant) {
        self.count = count
        self.lastAt = lastAt
    }
}

/// How long one has to wait after failed sign-ins: longer each time, and never for ever. Pure.
///
/// Count an attempt before its password is looked at, in the transaction that asks whether it may be made, and take it
/// back after a success: fifty attempts at the same moment would otherwise all find that none has failed. An attempt
/// that is refused for the wait is not counted, so that nobody's wait is prolonged by an impatient client.
package struct LockOut: Sendable, Hashable {
    /// So many may fail before the first wait.
    package let freeFailures: Int64
    package let firstWaitSeconds: Int64
    /// The wait doubles up to this.
    package let longestWaitSeconds: Int64
    /// As many may fail in a row: after that nothing is looked at until they are forgotten, or another way in (a signed
    /// link, a second person) has been used.
    package let failuresMaximum: Int64
    /// After the last failure.
    package let forgottenAfterSeconds: Int64
    /// Whether a success forgets the failures at once.
    package let successForgets: Bool

    /// NIST SP 800-63B, section 5.2.2: not more than 100 failures of an account in a row.
    package static let account = LockOut(
        freeFailures: 5,
        firstWaitSeconds: 1,
        longestWaitSeconds: 15 * 60,
        failuresMaximum: 100,
        forgottenAfterSeconds: 30 * 86_400,
        successForgets: true
    )
    /// Many people may be behind one address, so that it has more tries, and shorter waits. A success does not make it
    /// forget: whoever has an account of his own could go on guessing at others'.
    package static let address = LockOut(
        freeFailures: 20,
        firstWaitSeconds: 1,
        longestWaitSeconds: 5 * 60,
        failuresMaximum: .max,
        forgottenAfterSeconds: 3600,
        successForgets: false
    )
    /// For six digits, of which three are right at any time: five tries, and then one every five minutes.
    package static let secondFactor = LockOut(
        freeFailures: 5,
        firstWaitSeconds: 5 * 60,
        longestWaitSeconds: 15 * 60,
        failuresMaximum: 100,
        forgottenAfterSeconds: 30 * 86_400,
        successForgets: true
    )

    /// For codes and links that are sent: three at once, then one a minute and more slowly, so that nobody's phone
    /// rings all night. Nothing takes them back: each is counted for a day.
    package static let sending = LockOut(
        freeFailures: 3,
        firstWaitSeconds: 60,
        longestWaitSeconds: 3600,
        failuresMaximum: .max,
        forgottenAfterSeconds: 86_400,
        successForgets: false
    )

    package enum Decision: Sendable, Hashable {
        case allowed
        case wait(seconds: Int64)
    }

    package func decide(_ failures: FailedSignIns?, at now: Instant) -> Decision {
        guard let failures = remembered(failures, at: now) else { return .allowed }
        let waitSeconds = waitSeconds(after: failures.count)
        let end = failures.lastAt.adding(seconds: waitSeconds)
        guard waitSeconds > 0, now < end else { return .allowed }
        // Rounded up, so that who comes back then is let in. Where the clock was set back, no longer than the wait was.
        return .wait(seconds: min(-now.seconds(since: end), waitSeconds))
    }

    /// What to store when an attempt is made, and stands where it fails.
    package func counting(_ failures: FailedSignIns?, at now: Instant) -> FailedSignIns {
        FailedSignIns(count: (remembered(failures, at: now)?.count ?? 0) + 1, lastAt: now)
    }

    /// What to store after a success.
    /// - Parameter failures: with the attempt that has now succeeded.
    package func succeeding(_ failures: FailedSignIns) -> FailedSignIns? {
        guard !successForgets, failures.count > 1 else { return nil }
        return FailedSignIns(count: failures.count - 1, lastAt: failures.lastAt)
    }

    /// Whether nothing is looked at any more, and the person should be offered another way in.
    package func isExhausted(_ failures: FailedSignIns?, at now: Instant) -> Bool {
        remembered(failures, at: now).map { $0.count >= failuresMaximum } ?? false
    }

    /// Up to when a row has to be kept.
    package func forgottenAt(_ failures: FailedSignIns) -> Instant {
        failures.lastAt.adding(seconds: forgottenAfterSeconds)
    }

    private func remembered(_ failures: FailedSignIns?, at now: Instant) -> FailedSignIns? {
        failures.flatMap { $0.count > 0 && now < forgottenAt($0) ? $0 : nil }
    }

    func waitSeconds(after count: Int64) -> Int64 {
        guard count >= freeFailures else { return 0 }
        guard count < failuresMaximum else { return forgottenAfterSeconds }
        // Past 2^31 seconds every wait is the longest.
        let doublings = min(count - freeFailures, 31)
        return min(firstWaitSeconds << doublings, longestWaitSeconds)
    }
}
