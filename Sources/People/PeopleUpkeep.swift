import Core
import ServiceLifecycle
package import Storage

/// Writes now and then when sessions were last used. It belongs behind the store in the list of services, so that on
/// shutdown its last write still finds it open.
package struct PeopleUpkeep: Service {
    package static let interval = Duration.seconds(10)

    private let authenticator: SessionAuthenticator

    package init(authenticator: SessionAuthenticator) {
        self.authenticator = authenticator
    }

    package func run() async throws {
        // Ends by throwing when the service is told to stop: then what is left is written, and that is all.
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: PeopleUpkeep.interval)
                await authenticator.flushUses()
            }
        }
        await authenticator.flushUses()
    }
}

extension PeopleService {
    /// How long a session that is over is kept, so that its person can see where it was.
    package static let endedSessionKeptSeconds: Int64 = 90 * 86_400

    /// Deletes what has run out: failures that are forgotten, codes that are no good any more and strangers who never
    /// used theirs, sessions that were over long ago.
    ///
    /// - Returns: how many there were; where that is `limit`, there may be more.
    package static func purge(_ tx: any Transaction, limit: Int) throws -> Int {
        let failures = try SignInAttempts.purge(tx, limit: limit)
        let codes = try SignInCodeStore.purge(tx, limit: limit)
        // Nobody has read what is held of them, and nothing refers to them; of all others `Subjects.erase` asks first.
        for stranger in codes.strangers { try SubjectStore.erase(tx, stranger) }
        try SessionStore.purge(tx, unusedSince: tx.now.adding(seconds: -PeopleService.endedSessionKeptSeconds))
        return max(failures, codes.count)
    }
}
