import Core
import History
import Identity
import Logging
import OpenAPI
import ServiceLifecycle
import Storage
import StorageSQLite
import Web

/// The whole server, put together in one place. Tests put it together here, too.
struct Composition: Sendable {
    let endpoints: [Endpoint]
    let parts: WebParts
    /// In the order in which they start; they stop in reverse.
    let upkeep: [any Service]

    init(
        database: any Database,
        material: KeyMaterial,
        logOrigin: String,
        clock: any WallClock = SystemClock(),
        metrics: PrometheusMetrics,
        checks: [HealthCheck],
        logger: Logger
    ) {
        let authenticator = KeyAuthenticator(
            database: database,
            clock: clock,
            pepper: material.pepper,
            logger: logger
        )
        let refusals = AuditedRefusals(database: database, clock: clock, logger: logger)
        let identity = Identity(database: database, authenticator: authenticator, pepper: material.pepper)
        let history = HistoryService(database: database, clock: clock, log: logOrigin)
        let health = Health(
            checks: checks,
            metrics: { metrics.text() },
            authorizeMetrics: Policy.authorize(.metricsRead)
        )
        endpoints =
            identityEndpoints(identity) + history.endpoints + health.endpoints + openAPIEndpoints
            + ProblemCatalogue(Composition.problemTypes).endpoints
        parts = WebParts(
            authenticator: authenticator,
            refusals: refusals,
            secret: material.frameSecret,
            clock: clock,
            metrics: metrics
        )
        upkeep = [
            IdentityUpkeep(authenticator: authenticator, refusals: refusals),
            AnswerUpkeep(database: database, logger: logger),
        ]
    }

    /// Every code that the API may answer with.
    static let problemTypes: [ProblemType] =
        ProblemType.core + ProblemType.storage + ProblemType.web + ProblemType.identity + ProblemType.history
}

/// Deletes the kept answers whose time is over, a few at a time, so that no caller waits for it.
struct AnswerUpkeep: Service {
    static let interval = Duration.seconds(60)
    static let answersPerCommit = 500

    let database: any Database
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: AnswerUpkeep.interval)
                await purge()
            }
        }
    }

    private func purge() async {
        do {
            var purged = AnswerUpkeep.answersPerCommit
            while purged == AnswerUpkeep.answersPerCommit {
                purged = try await database.write { try Idempotency.purge($0, limit: AnswerUpkeep.answersPerCommit) }
            }
        } catch {
            logger.warning("kept answers could not be purged", metadata: ["error": "\(error)"])
        }
    }
}
