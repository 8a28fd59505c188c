import ArgumentParser
import Core
import Identity
import Logging
import Metrics
import People
import ServiceLifecycle
import Storage
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
            logOrigin: settings.logOrigin,
            metrics: metrics,
            checks: [Serve.storeCheck(store), Serve.migrationCheck(store)],
            channel: Outbox(vault: store.vault),
            publicURL: settings.publicURL,
            logger: logger
        )
        var http = HTTPServerSettings()
        http.host = settings.httpHost
        http.port = settings.httpPort
        http.rateLimitScale = settings.rateLimitScale
        http.trustedProxies = settings.trustedProxies
        let server = try WebServer(
            settings: http,
            parts: composition.parts,
            endpoints: composition.endpoints,
            logger: logger,
            onRunning: { port in
                logger.notice("server is ready", metadata: ["host": "\(settings.httpHost)", "port": "\(port)"])
            }
        )
        try await run(
            [StoreService(database: store.database)] + composition.upkeep + [loss, server],
            logger: logger
        )
        if loss.isReported { throw Refused(message: "The store was lost; start again to go on from the disk.") }
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
