import Core
import History
import Identity
import Listings
import Logging
import OpenAPI
import ServiceLifecycle
import Storage
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
            identityEndpoints(identity) + history.endpoints + ListingService(database: database).endpoints
            + health.endpoints + openAPIEndpoints + ProblemCatalogue(Composition.problemTypes).endpoints
        parts = WebParts(
            authenticator: authenticator,
            refusals: refusals,
            secret: material.frameSecret,
            clock: clock,
            metrics: metrics,
            // Where changes are counted, nobody else serves the store.
            sharedStore: database.stamp(of: "") == nil ? database : nil
        )
        upkeep = [
            IdentityUpkeep(authenticator: authenticator, refusals: refusals),
            SharedUpkeep(database: database, logger: logger).service,
        ]
    }

    /// Every code that the API may answer with.
    static let problemTypes: [ProblemType] =
        ProblemType.core + ProblemType.storage + ProblemType.web + ProblemType.identity + ProblemType.history
        + ProblemType.listings
}
