package import Core

/// Makes and checks the hashes of passwords, a few at a time, each on a thread of its own: none of the threads that
/// serve requests ever waits for one.
///
/// At the most `concurrentMaximum` hashes are in memory, of `PasswordHash.Cost.maximum` each; as many as
/// `waitingMaximum` wait for their turn, and whoever comes then is refused at once.
package final class PasswordHashing: Sendable {
    /// At 64 MiB each and the current cost. Half of the cores are left to those who do not sign in, however many try
    /// passwords.
    package static let concurrentMaximum = max(1, min(2, WorkerThreads.processorCount / 2))
    /// With a tenth of a second or two each, nobody waits longer than two or three seconds.
    package static let waitingMaximum = 16
    /// When those who wait now have had their turn.
    package static let retryAfterSeconds = 2

    private let cost: PasswordHash.Cost
    private let decoy: PasswordHash
    private let threads: WorkerThreads

    package init(
        cost: PasswordHash.Cost = .current,
        concurrentMaximum: Int = PasswordHashing.concurrentMaximum,
        waitingMaximum: Int = PasswordHashing.waitingMaximum
    ) {
        self.cost = cost
        threads = WorkerThreads(
            concurrentMaximum: concurrentMaximum,
            waitingMaximum: waitingMaximum,
            refusal: .passwordChecksBusy
        )
        decoy = PasswordHash.decoy(cost: cost)
    }

    /// - Throws: `passwordChecksBusy`.
    package func hash(_ password: Password) async throws -> PasswordHash {
        try await threads.perform { [cost] in try PasswordHash(hashing: password, cost: cost) }
    }

    /// - Parameters:
    ///   - password: `nil` for what no account can have as its password, which takes as long as a wrong one.
    ///   - stored: `nil` where there is no such account, which takes as long, too.
    /// - Throws: `passwordChecksBusy`.
    package func verify(_ password: Password?, against stored: PasswordHash?) async throws -> Bool {
        let isRight = try await threads.perform { [decoy] in
            try (stored ?? decoy).verify(password ?? .nobodys)
        }
        return isRight && password != nil && stored != nil
    }
}

extension Failure {
    fileprivate static let passwordChecksBusy = Failure(
        .passwordChecksBusy,
        retryAfterSeconds: PasswordHashing.retryAfterSeconds
    )
}

extension ProblemType {
    package static let passwordChecksBusy = ProblemType(
        "password_checks_busy",
        .unavailable,
        zh: "登录人数过多，请稍后再试",
        en: "Too many people are signing in; try again shortly"
    )

    /// Every type that this target raises.
    package static let cryptography: [ProblemType] = [.passwordChecksBusy]
}
