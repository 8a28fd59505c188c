import ServiceLifecycle

/// Writes now and then what must not hold up an answer: refusals that were counted, and when keys were last used. It
/// belongs behind the store in the list of services, so that on shutdown its last write still finds it open.
package struct IdentityUpkeep: Service {
    package static let interval = Duration.seconds(10)

    private let authenticator: KeyAuthenticator
    private let refusals: AuditedRefusals

    package init(authenticator: KeyAuthenticator, refusals: AuditedRefusals) {
        self.authenticator = authenticator
        self.refusals = refusals
    }

    package func run() async throws {
        // Ends by throwing when the service is told to stop: then what is left is written, and that is all.
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: IdentityUpkeep.interval)
                await refusals.flushClosed()
                await authenticator.flushUses()
            }
        }
        await refusals.flush()
        await authenticator.flushUses()
    }
}
