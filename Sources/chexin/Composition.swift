import Accounts
import Core
import Cryptography
import History
import Identity
import Imaging
import Jobs
import Listings
import Logging
import OpenAPI
import Pages
import People
import Pricing
import ServiceLifecycle
import Storage
import Tabular
import Valuation
import Warranty
import Web

/// The whole server, put together in one place. Tests put it together here, too.
struct Composition: Sendable {
    let endpoints: [Endpoint]
    let people: PeopleService
    let parts: WebParts
    let search: ListingSearch
    let market: Market
    /// Wakes the runner of jobs: for slices that enqueue what is due at once.
    let bell = JobBell()
    /// In the order in which they start; they stop in reverse.
    let upkeep: [any Service]

    init(
        database: any Database,
        material: KeyMaterial,
        vault: SubjectVault,
        logOrigin: String,
        clock: any WallClock = SystemClock(),
        metrics: PrometheusMetrics,
        checks: [HealthCheck],
        channel: any MessageChannel,
        publicURL: String = "http://localhost:8080",
        passwords: PasswordHashing = PasswordHashing(),
        logger: Logger
    ) {
        let keys = KeyAuthenticator(database: database, clock: clock, pepper: material.pepper, logger: logger)
        let refusals = AuditedRefusals(database: database, clock: clock, logger: logger)
        let sessions = Composition.sessions(keys, database, clock, material, logger)
        people = Composition.people(
            database,
            material,
            vault,
            passwords,
            Letters(channel: channel, publicURL: publicURL)
        )
        let identity = Identity(database: database, authenticator: keys, pepper: material.pepper)
        let history = HistoryService(database: database, clock: clock, log: logOrigin)
        search = ListingSearch(database: database, logger: logger)
        market = Market(database: database, clock: clock, logger: logger)
        let warranties = Warranties(editions: WarrantyEditions(), histories: history.histories, market: market)
        let health = Composition.health(checks, metrics, search, market)
        let api =
            identityEndpoints(identity) + people.endpoints + history.endpoints
            + ValuationService(database: database, market: market, offers: ListedCars()).endpoints
            + ListingService(database: database, search: search, market: market).endpoints
            + ImportService(database: database).endpoints
            + WarrantyService(database: database, warranties: warranties, publicURL: publicURL).endpoints
            + SubjectService(database: database, vault: vault, holders: Composition.holders(vault)).endpoints
            + OutboxService(database: database, vault: vault).endpoints + health.endpoints + openAPIEndpoints
            + ProblemCatalogue(Composition.problemTypes).endpoints
        endpoints = api + PageService(database: database, clock: clock, operations: api).endpoints
        parts = WebParts(
            authenticator: sessions,
            refusals: refusals,
            secret: material.frameSecret,
            clock: clock,
            metrics: metrics,
            // Where changes are counted, nobody else serves the store.
            sharedStore: database.stamp(of: "") == nil ? database : nil
        )
        upkeep = [
            IdentityUpkeep(authenticator: keys, refusals: refusals),
            PeopleUpkeep(authenticator: sessions),
            SharedUpkeep(database: database, logger: logger).service,
            ImportWorker(database: database, logger: logger).service,
            Composition.jobs(database, clock, bell, logger),
            search.service, market.service,
        ]
    }

    private static func jobs(
        _ database: any Database,
        _ clock: any WallClock,
        _ bell: JobBell,
        _ logger: Logger
    ) -> JobRunner {
        JobRunner(
            database: database,
            handlers: [BookCheck.handler(database)],
            standing: [BookCheck.standing],
            bell: bell,
            clock: clock,
            watchesClock: clock is SystemClock,
            logger: logger
        )
    }

    private static func health(
        _ checks: [HealthCheck],
        _ metrics: PrometheusMetrics,
        _ search: ListingSearch,
        _ market: Market
    ) -> Health {
        Health(
            // Until it finds what is on offer, and knows what cars are sold for, others answer better.
            checks: checks + [
                HealthCheck("search") { search.isReady }, HealthCheck("pricing") { market.isReady },
            ],
            metrics: { metrics.text() },
            authorizeMetrics: Policy.authorize(.metricsRead)
        )
    }

    private static func sessions(
        _ keys: KeyAuthenticator,
        _ database: any Database,
        _ clock: any WallClock,
        _ material: KeyMaterial,
        _ logger: Logger
    ) -> SessionAuthenticator {
        SessionAuthenticator(
            keys: keys,
            database: database,
            clock: clock,
            pepper: material.signInPepper,
            logger: logger
        )
    }

    private static func people(
        _ database: any Database,
        _ material: KeyMaterial,
        _ vault: SubjectVault,
        _ passwords: PasswordHashing,
        _ letters: Letters
    ) -> PeopleService {
        let signIn = SignIn(
            database: database,
            passwords: passwords,
            factors: SecondFactors(key: material.secondFactorKey, pepper: material.signInPepper),
            pepper: material.signInPepper
        )
        return PeopleService(signIn: signIn, vault: vault, letters: letters)
    }

    /// Every code that the API may answer with.
    static let problemTypes: [ProblemType] =
        ProblemType.core + ProblemType.storage + ProblemType.web + ProblemType.cryptography + ProblemType.identity
        + ProblemType.history + ProblemType.listings + ProblemType.tabular + ProblemType.imports
        + ProblemType.imaging + ProblemType.people + ProblemType.subjects + ProblemType.pricing + ProblemType.valuation
        + ProblemType.warranty

    /// Every slice that holds something of a person besides the vault.
    static func holders(_ vault: SubjectVault) -> [any PersonalDataHolder] {
        [OutboxHolder(vault: vault)]
    }
}
