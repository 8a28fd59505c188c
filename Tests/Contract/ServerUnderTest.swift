import Core
import Cryptography
import Identity
import Listings
import Logging
import Outbound
import People
import Support
import Synchronization
import TransparencyLog
import Valuation
import Web

@testable import chexin

/// The server as the executable puts it together, on a store of its own.
struct ServerUnderTest {
    let store: TestStore
    let channel: RecordingChannel
    let vault: SubjectVault
    let composition: Composition
    /// What `/readyz` finds.
    let readiness: Switch
    private let material: KeyMaterial

    static let log = "localhost/chexin"

    /// A stream that nothing ends is told what there is, and no more.
    private static var brief: EventStreams.Limits {
        var limits = EventStreams.Limits()
        limits.lifetime = .zero
        return limits
    }

    static func open() async throws -> ServerUnderTest {
        let store = try await TestStore.open()
        let readiness = Switch()
        let channel = RecordingChannel()
        let master = SecretBytes([UInt8](repeating: 7, count: KeyMaterial.masterByteCount))
        let material = try KeyMaterial(master: master)
        let wrapping = try WrappingKeys.Key(id: "k1", secret: SecretBytes([UInt8](repeating: 8, count: 32)))
        let vault = SubjectVault(
            keys: WrappingKeys(current: wrapping),
            index: BlindIndex(key: material.blindIndexKey)
        )
        let composition = Composition(
            database: store.database,
            material: material,
            vault: vault,
            logKeys: try LogKeys.forTests(origin: log),
            clock: store.clock,
            metrics: PrometheusMetrics(),
            checks: [HealthCheck("store") { readiness.isOn }],
            channel: channel,
            passwords: .forTests,
            outbound: Outbound(policy: OutboundPolicy(allowsPrivateNetworks: true)),
            streams: EventStreams(limits: ServerUnderTest.brief),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        return ServerUnderTest(
            store: store,
            channel: channel,
            vault: vault,
            composition: composition,
            readiness: readiness,
            material: material
        )
    }

    /// As the services of a running server do.
    func warmUp() async throws {
        try await composition.log.start(knowing: [])
        await composition.search.catchUp()
        await composition.market.catchUp()
    }

    static func endpoints() async throws -> [Endpoint] {
        try await open().composition.endpoints.filter { !$0.isPage }
    }

    /// Those that a browser comes to with its cookie.
    static func pages() async throws -> [Endpoint] {
        try await open().composition.endpoints.filter(\.isPage)
    }

    func start(rateLimitScale: Int = 1) async throws -> RunningServer {
        var settings = HTTPServerSettings.patient
        settings.rateLimitScale = rateLimitScale
        return try await RunningServer.start(
            settings: settings,
            parts: composition.parts,
            endpoints: composition.endpoints
        )
    }

    func administrator() async throws -> Bootstrap.Administrator {
        try await Bootstrap.firstAdministrator(store.database, pepper: material.pepper)
    }
}

final class Switch: Sendable {
    private let state = Mutex(true)

    var isOn: Bool { state.withLock { $0 } }

    func set(_ isOn: Bool) {
        state.withLock { $0 = isOn }
    }
}
