import Core
import CoreMetrics
import Cryptography
import HTTPTypes
import Logging
import NIOCore
import Storage
import Support
import Synchronization
import Web

/// A tiny API behind the real server: one endpoint for each thing that the frame does.
struct Site {
    let server: RunningServer
    let clock: ManualClock
    let refusals: RefusalLog
    let store: TestStore
    let effects: Tally
    let logs: LogLines

    var client: HTTPClient { server.client }

    static let secret = SecretBytes(Array(repeating: 7, count: 32))
    static let idTag = "v17-0a1b2c3d"

    static func start(
        settings: HTTPServerSettings = Site.settings,
        refusals: RefusalLog = RefusalLog(),
        metrics: any MetricsFactory = NOOPMetricsHandler.instance
    ) async throws -> Site {
        let clock = ManualClock()
        let store = try await TestStore.open(clock: clock)
        let effects = Tally()
        let logs = LogLines()
        let parts = WebParts(
            authenticator: KnownTokens(),
            refusals: refusals,
            secret: Site.secret,
            clock: clock,
            metrics: metrics
        )
        let server = try await RunningServer.start(
            settings: settings,
            parts: parts,
            endpoints: SiteEndpoints(database: store.database, effects: effects).all,
            logger: Logger(label: "site") { label in JSONLogHandler(label: label, clock: clock, write: logs.write) }
        )
        return Site(server: server, clock: clock, refusals: refusals, store: store, effects: effects, logs: logs)
    }

    /// The product's own, except for what a test would have to wait for.
    static var settings: HTTPServerSettings {
        var settings = HTTPServerSettings()
        settings.lingerTimeout = .milliseconds(200)
        settings.refusalTimeout = .milliseconds(100)
        return settings
    }

    /// A request of dealer A in JSON.
    func send(
        _ method: String,
        _ path: String,
        token: String? = "dealer-a",
        headers: HTTPClient.Headers = [],
        json: String? = nil
    ) async throws -> HTTPAnswer {
        var all = headers
        if let token { all.append(("Authorization", "Bearer \(token)")) }
        let isPatch = method == "PATCH"
        if json != nil, !all.contains(where: { $0.0 == "Content-Type" }) {
            all.append(("Content-Type", isPatch ? "application/merge-patch+json" : "application/json"))
        }
        return try await client.send(method, path, headers: all, body: json.map { Array($0.utf8) })
    }
}

/// Two dealers, and what else may happen to a token.
struct KnownTokens: Authenticator {
    func authenticate(bearer: String) async throws -> Principal {
        switch bearer {
        case "dealer-a": principal("org_a", "key_a")
        case "dealer-a-session": principal("org_a", "ses_a")
        case "dealer-b": principal("org_b", "key_b")
        case "store-busy": throw Failure(.storeBusy, retryAfterSeconds: 3)
        default: throw Failure(.unauthenticated)
        }
    }

    private func principal(_ organization: String, _ credential: String) -> Principal {
        Principal(organization: organization, role: .dealer, scopes: [], credential: credential)
    }
}

final class RefusalLog: RefusalRecorder {
    private let refusals = Mutex<[Refusal]>([])
    private let hangs: Bool

    init(hangs: Bool = false) {
        self.hangs = hangs
    }

    func record(_ refusal: Refusal) async {
        refusals.withLock { $0.append(refusal) }
        if hangs { try? await Task.sleep(for: .seconds(3600)) }
    }

    var all: [Refusal] { refusals.withLock { $0 } }
}

final class Tally: Sendable {
    private let count = Atomic<Int>(0)

    @discardableResult
    func increment() -> Int { count.add(1, ordering: .relaxed).newValue }

    var value: Int { count.load(ordering: .relaxed) }
}

final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var write: @Sendable ([UInt8]) -> Void {
        { bytes in self.lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } }
    }

    var all: [String] { lines.withLock { $0 } }
}

extension HTTPAnswer {
    func json() throws -> JSON {
        try JSONParser.parse(body)
    }

    func code() throws -> String? {
        try json()["code"]?.stringValue
    }
}
