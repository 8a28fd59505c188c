import ArgumentParser
import Claims
import Core
import History
import Identity
import Logging
import Metrics
import Outbound
import People
import ServiceLifecycle
import Storage
import TransparencyLog
import UnixSignals
import Web

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Runs the server until it is told to stop.")

    /// Requests in hand have this long to be answered after SIGTERM; then they are cancelled.
    static let drainSeconds: Int64 = 20
    static let cancelSeconds: Int64 = 5

    @OptionGroup
    var options: SettingsOptions

    func run() async throws {
        let settings = try await options.settings()
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: settings.logLevel) }
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        let logger = Logger(label: "chexin")
        let lock = try ServingLock.take(settings.store)
        defer { withExtendedLifetime(lock) {} }
        let loss = StoreLoss()
        let store = try await Store.open(settings, onLost: { loss.report() })
        let composition = Composition(
            database: store.database,
            material: store.material,
            vault: store.vault,
            logKeys: store.logKeys,
            witnesses: try settings.witnessPolicy.map { try Witnesses.policy(at: $0, for: store.logKeys) },
            editions: ClaimEditions(guide: try settings.repairGuide.map(RepairGuide.read) ?? .empty),
            metrics: metrics,
            checks: [Serve.storeCheck(store), Serve.migrationCheck(store)],
            channel: Outbox(vault: store.vault),
            publicURL: settings.publicURL,
            outbound: Outbound(
                policy: OutboundPolicy(allowsPrivateNetworks: settings.webhooksReachPrivateNetworks)
            ),
            logger: logger
        )
        let published = PublishedCheckpoint(directory: settings.keyDirectory)
        let witnesses = Witnesses(log: composition.log, logger: logger)
        try await Serve.begin(composition, store, published, witnesses)
        let server = try WebServer(
            settings: Serve.http(settings),
            parts: composition.parts,
            endpoints: composition.endpoints,
            logger: logger,
            onRunning: { port in
                logger.notice("server is ready", metadata: ["host": "\(settings.httpHost)", "port": "\(port)"])
            }
        )
        var services: [any Service] = [StoreService(database: store.database)] + composition.upkeep
        if let witnesses { services.append(witnesses) }
        services += [CheckpointPublisher(log: composition.log, file: published, logger: logger), loss, server]
        try await run(services, logger: logger)
        if loss.isReported { throw Refused(message: "The store was lost; start again to go on from the disk.") }
    }

    private static func http(_ settings: Settings) -> HTTPServerSettings {
        var http = HTTPServerSettings()
        http.host = settings.httpHost
        http.port = settings.httpPort
        http.rateLimitScale = settings.rateLimitScale
        http.trustedProxies = settings.trustedProxies
        return http
    }

    /// Looks at the log before anything is signed, and puts into it what was recorded before there was one.
    ///
    /// - Throws: `Refused` where something that was published says more than the store knows.
    private static func begin(
        _ composition: Composition,
        _ store: Store,
        _ published: PublishedCheckpoint,
        _ witnesses: Witnesses?
    ) async throws {
        // Read before the store is: another server may be at work, and go on meanwhile.
        let known = try published.read()
        do {
            try await composition.log.start(knowing: known.map { [$0] } ?? [])
            try await witnesses?.look()
            try await LogFilling(database: store.database, histories: composition.histories).run()
        } catch let failure as Failure where failure.type == .logHalted {
            throw Refused(message: failure.detail.en)
        }
    }

    /// The store starts first and so closes last, when the server has answered what it had in hand.
    private func run(_ services: [any Service], logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = .seconds(Serve.drainSeconds)
        configuration.maximumCancellationDuration = .seconds(Serve.cancelSeconds)
        try await ServiceGroup(configuration: configuration).run()
    }

    private static func storeCheck(_ store: Store) -> HealthCheck {
        HealthCheck("store") {
            do {
                try await store.database.check()
                return true
            } catch {
                return false
            }
        }
    }

    private static func migrationCheck(_ store: Store) -> HealthCheck {
        HealthCheck("migrations") {
            let status = try? await Store.migrator(store.database, store.dialect).status()
            return status?.allSatisfy { if case .applied = $0.state { true } else { false } } ?? false
        }
    }
}

/// Keeps the store open while anything else runs.
struct StoreService: Service {
    let database: any Database

    func run() async throws {
        try? await gracefulShutdown()
        try await database.close()
    }
}
