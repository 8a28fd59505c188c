import Core
import Cryptography
import Identity
import Ledger
import Listings
import Logging
import Metrics
import Outbound
import People
import Support
import Testing
import TransparencyLog
import Valuation
import Web

@testable import chexin

/// The whole product behind a real socket, on a store of its own.
final class House: Sendable {
    let store: TestStore
    let vault: SubjectVault
    let server: RunningServer
    let administrator: String
    let channel: RecordingChannel
    let endpoints: [Endpoint]
    let log: TransparencyLog
    let watching: Watching

    static let origin = "test.example/chexin"

    var client: HTTPClient { server.client }
    var clock: ManualClock { store.clock }

    static func open(
        _ engine: Engine = .usual,
        in place: TestStore.Place = .memory,
        witnesses: LogPolicy? = nil,
        seeds: [UInt8] = [9],
        outbound: Outbound = .toReceivers,
        streams: EventStreams = EventStreams(),
        logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
        standingBetween: ([Endpoint]) -> [Endpoint] = { $0 }
    ) async throws -> House {
        let store = try await TestStore.open(engine, in: place)
        let channel = RecordingChannel()
        let material = try KeyMaterial(master: SecretBytes([UInt8](repeating: 7, count: KeyMaterial.masterByteCount)))
        let wrapping = try WrappingKeys.Key(id: "k1", secret: SecretBytes([UInt8](repeating: 8, count: 32)))
        let vault = SubjectVault(
            keys: WrappingKeys(current: wrapping),
            index: BlindIndex(key: material.blindIndexKey)
        )
        let composition = Composition(
            database: store.database,
            material: material,
            vault: vault,
            logKeys: try LogKeys.forTests(origin: origin, seeds: seeds),
            witnesses: witnesses,
            clock: store.clock,
            metrics: PrometheusMetrics(),
            checks: [],
            channel: channel,
            passwords: .forTests,
            outbound: outbound,
            streams: streams,
            logger: logger
        )
        try await composition.log.start(knowing: [])
        await composition.search.catchUp()
        await composition.market.catchUp()
        let server = try await RunningServer.start(
            parts: composition.parts,
            endpoints: standingBetween(composition.endpoints),
            logger: logger
        )
        let administrator = try await Bootstrap.firstAdministrator(store.database, pepper: material.pepper)
        return House(store, vault, server, administrator.key.secret, channel, composition)
    }

    private init(
        _ store: TestStore,
        _ vault: SubjectVault,
        _ server: RunningServer,
        _ administrator: String,
        _ channel: RecordingChannel,
        _ composition: Composition
    ) {
        self.vault = vault
        endpoints = composition.endpoints
        log = composition.log
        watching = composition.watching
        self.channel = channel
        self.store = store
        self.server = server
        self.administrator = administrator
    }

    // MARK: Callers

    /// The platform's own organisation.
    func platformID() async throws -> String {
        let me = try await get("/v1/me", as: administrator)
        return try #require(me.json["organization"]?["id"]?.stringValue, "\(me.json)")
    }

    struct Member: Sendable {
        let id: String
        let key: String
    }

    /// An organisation with a key, made through the API.
    func member(_ kind: String, _ uscc: String) async throws -> Member {
        let organization = try await post(
            "/v1/organizations",
            ["kind": JSON(kind), "name": "测试\(kind)", "uscc": JSON(uscc)],
            as: administrator
        )
        let id = try #require(organization.json["id"]?.stringValue, "\(organization.json)")
        return Member(id: id, key: try await key(of: id))
    }

    /// One more key of an organisation: they last a year.
    func key(of organization: String) async throws -> String {
        let key = try await post("/v1/organizations/\(organization)/api-keys", ["name": "测试"], as: administrator)
        return try #require(key.json["secret"]?.stringValue, "\(key.json)")
    }

    func workshop() async throws -> Member { try await member("workshop", "91350100M000100Y43") }
    func insurer() async throws -> Member { try await member("insurer", "91110000802100433B") }
    func dealer() async throws -> Member { try await member("dealer", "91110108551385082Q") }
    func authority() async throws -> Member { try await member("authority", "91440300708461136T") }

    // MARK: Requests

    struct Answer: Sendable {
        let http: HTTPAnswer
        let json: JSON

        var status: Int { http.status }
        var code: String? { json["code"]?.stringValue }

        init(_ http: HTTPAnswer) {
            self.http = http
            json = (try? JSONParser.parse(http.body)) ?? .null
        }
    }

    func post(
        _ path: String,
        _ body: JSON,
        as key: String? = nil,
        headers: HTTPClient.Headers = []
    ) async throws -> Answer {
        try await send("POST", path, body, as: key, headers: headers)
    }

    func get(_ path: String, as key: String? = nil, headers: HTTPClient.Headers = []) async throws -> Answer {
        Answer(try await client.send("GET", path, headers: authorization(key) + headers))
    }

    func send(
        _ method: String,
        _ path: String,
        _ body: JSON,
        as key: String? = nil,
        headers: HTTPClient.Headers = []
    ) async throws -> Answer {
        let type = method == "PATCH" ? "application/merge-patch+json" : "application/json"
        let all = authorization(key) + [("Content-Type", type)] + headers
        return Answer(try await client.send(method, path, headers: all, body: body.bytes))
    }

    private func authorization(_ key: String?) -> HTTPClient.Headers {
        key.map { [("Authorization", "Bearer \($0)")] } ?? []
    }

    // MARK: Events

    static let vin = "LFV2A21K8G4012345"
    static let otherVIN = "LSVAU2187N2123456"

    func append(
        _ kind: String,
        _ data: JSON,
        ref: String,
        at time: String = "2026-03-01T08:00:00.000Z",
        vin: String = House.vin,
        as key: String,
        more: [JSON.Member] = [],
        headers: HTTPClient.Headers = []
    ) async throws -> Answer {
        let members: [JSON.Member] = [
            .init("kind", JSON(kind)), .init("occurred_at", JSON(time)), .init("ref", JSON(ref)), .init("data", data),
        ]
        return try await post("/v1/vehicles/\(vin)/events", .object(members + more), as: key, headers: headers)
    }

    func reading(_ km: Int, ref: String, vin: String = House.vin, as key: String) async throws -> Answer {
        try await append("odometer.read", ["odometer_km": JSON(km)], ref: ref, vin: vin, as: key)
    }

    /// The stored envelopes, one a line.
    func lines(_ vin: String = House.vin) async throws -> [[UInt8]] {
        let answer = try await client.send(
            "GET",
            "/v1/vehicles/\(vin)/history",
            headers: [("Accept", "application/x-ndjson")]
        )
        return answer.body.split(separator: 0x0A).map { Array($0) }
    }

    func verify(_ hashes: [String], _ vin: String = House.vin) async throws -> Answer {
        try await post("/v1/verify", ["vin": JSON(vin), "hashes": .array(hashes.map { JSON($0) })])
    }
}
