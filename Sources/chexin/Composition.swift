import Accounts
import Claims
import Core
import Cryptography
import History
import Identity
import Imaging
import Jobs
import Ledger
import Listings
import Logging
import OpenAPI
import Outbound
import Pages
import People
import Pricing
import ServiceLifecycle
import Storage
import Tabular
import TransparencyLog
import Valuation
import Warranty
import Watches
import Web

/// The whole server, put together in one place. Tests put it together here, too.
struct Composition: Sendable {
    let endpoints: [Endpoint]
    let people: PeopleService
    let parts: WebParts
    let search: ListingSearch
    let market: Market
    let log: TransparencyLog
    let histories: Histories
    let watching: Watching
    /// Wakes the runner of jobs: for slices that enqueue what is due at once.
    let bell = JobBell()
    /// In the order in which they start; they stop in reverse.
    let upkeep: [any Service]

    init(
        database: any Database,
        material: KeyMaterial,
        vault: SubjectVault,
        logKeys: LogKeys,
        witnesses: LogPolicy? = nil,
        editions: ClaimEditions = ClaimEditions(),
        clock: any WallClock = SystemClock(),
        metrics: PrometheusMetrics,
        checks: [HealthCheck],
        channel: any MessageChannel,
        publicURL: String = "http://localhost:8080",
        passwords: PasswordHashing = PasswordHashing(),
        outbound: Outbound = Outbound(policy: OutboundPolicy()),
        streams: EventStreams = EventStreams(),
        logger: Logger
    ) {
        let keys = KeyAuthenticator(database: database, clock: clock, pepper: material.pepper, logger: logger)
        let refusals = AuditedRefusals(database: database, clock: clock, logger: logger)
        let sessions = Composition.sessions(keys, database, clock, material, logger)
        let letters = Letters(channel: channel, publicURL: publicURL)
        people = Composition.people(database, material, vault, passwords, letters)
        let identity = Identity(database: database, authenticator: keys, pepper: material.pepper)
        log = TransparencyLog(keys: logKeys, database: database, policy: witnesses)
        let history = Composition.history(database, clock, log, publicURL)
        watching = Watching(database, clock, Watches(wrapping: material.webhookKey), outbound, streams)
        histories = history.histories
        search = ListingSearch(database: database, logger: logger)
        market = Market(database: database, clock: clock, logger: logger)
        let warranties = Warranties(editions: WarrantyEditions(), histories: history.histories, market: market)
        let claims = Claims(histories: histories, warranties: warranties, editions: editions)
        let health = Composition.health(checks, metrics, search, market)
        let api =
            identityEndpoints(identity) + people.endpoints + history.endpoints + LogService(log: log).endpoints
            + ValuationService(database: database, market: market, offers: ListedCars()).endpoints
            + ListingService(database: database, search: search, market: market).endpoints
            + ImportService(database: database).endpoints
            + WarrantyService(database: database, warranties: warranties, publicURL: publicURL).endpoints
            + ClaimService(database: database, claims: claims, pepper: material.pepper).endpoints
            + watching.service.endpoints
            + SubjectService(database: database, vault: vault, holders: Composition.holders(vault)).endpoints
            + OutboxService(database: database, vault: vault).endpoints + health.endpoints + openAPIEndpoints
            + ProblemCatalogue(Composition.problemTypes).endpoints
        let pages = PageService(database: database, clock: clock, operations: api, log: log, publicURL: publicURL)
        endpoints = api + pages.endpoints
        parts = Composition.parts(database, sessions, refusals, material, clock, metrics)
        upkeep = [
            IdentityUpkeep(authenticator: keys, refusals: refusals),
            PeopleUpkeep(authenticator: sessions),
            SharedUpkeep(database: database, logger: logger).service,
            ImportWorker(database: database, logger: logger).service,
            WatchCollector(database: database, logger: logger).service,
            Composition.jobs(database, claims, clock, bell, [watching.sender.handler], logger),
            log.upkeep(logger: logger), search.service, market.service,
        ]
    }

    private static func history(
        _ database: any Database,
        _ clock: any WallClock,
        _ log: TransparencyLog,
        _ publicURL: String
    ) -> HistoryService {
        HistoryService(
            database: database,
            clock: clock,
            log: log.origin,
            transparency: log,
            listener: Watches.listener,
            publicURL: publicURL
        )
    }

    private static func parts(
        _ database: any Database,
        _ sessions: SessionAuthenticator,
        _ refusals: AuditedRefusals,
        _ material: KeyMaterial,
        _ clock: any WallClock,
        _ metrics: PrometheusMetrics
    ) -> WebParts {
        WebParts(
            authenticator: sessions,
            refusals: refusals,
            secret: material.frameSecret,
            clock: clock,
            metrics: metrics,
            // Where changes are counted, nobody else serves the store.
            sharedStore: database.stamp(of: "") == nil ? database : nil
        )
    }

    private static func jobs(
        _ database: any Database,
        _ claims: Claims,
        _ clock: any WallClock,
        _ bell: JobBell,
        _ handlers: [JobHandler],
        _ logger: Logger
    ) -> JobRunner {
        JobRunner(
            database: database,
            handlers: [BookCheck.handler(database)] + claims.handlers + handlers,
            standing: [BookCheck.standing, ClaimDeadlines.standing],
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
        + ProblemType.transparencyLog + ProblemType.history + ProblemType.listings + ProblemType.tabular
        + ProblemType.imports + ProblemType.imaging + ProblemType.people + ProblemType.subjects
        + ProblemType.pricing + ProblemType.valuation + ProblemType.warranty + ProblemType.claims
        + ProblemType.watches + ProblemType.outbound

    /// Every slice that holds something of a person besides the vault.
    static func holders(_ vault: SubjectVault) -> [any PersonalDataHolder] {
        [OutboxHolder(vault: vault)]
    }
}

/// Who is told what happens, and how.
struct Watching: Sendable {
    let sender: WebhookSender
    let service: WatchService

    /// Every notice that organisations may ask for.
    static let noticeTypes = NoticeType.watches + DealerNotice.noticeTypes

    init(
        _ database: any Database,
        _ clock: any WallClock,
        _ watches: Watches,
        _ outbound: Outbound,
        _ streams: EventStreams
    ) {
        sender = WebhookSender(database: database, watches: watches, outbound: outbound, clock: clock)
        service = WatchService(
            database: database,
            watches: watches,
            sender: sender,
            policy: outbound.policy,
            clock: clock,
            noticeTypes: Watching.noticeTypes,
            streams: streams
        )
    }
}
