import Core
import Cryptography
import Jobs
import Logging
import Outbound
import Storage
import Support
import Testing
import Watches

@testable import chexin

extension Outbound {
    /// Receivers of tests are on this machine. Where many tests share few cores, one that answers late is not silent.
    static let toReceivers = Outbound(policy: OutboundPolicy(allowsPrivateNetworks: true), limits: .patient)
    /// For receivers that never answer.
    static let impatient = Outbound(policy: OutboundPolicy(allowsPrivateNetworks: true), limits: .brief)
}

extension OutboundLimits {
    static var patient: OutboundLimits {
        var limits = OutboundLimits()
        limits.connectMilliseconds = 60_000
        limits.totalMilliseconds = 60_000
        return limits
    }

    static var brief: OutboundLimits {
        var limits = OutboundLimits()
        limits.totalMilliseconds = 2000
        return limits
    }
}

// What the services of a running server do, step by step.
extension House {
    private static let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// Makes deliveries of what was appended.
    func collect() async throws {
        let database = store.database
        let lease = try #require(
            try await database.write { try Lease.acquire($0, WatchCollector.leaseName, holder: "house") }
        )
        try await WatchCollector(database: database, logger: House.quiet).drain(under: lease)
        try await database.write { try lease.release($0) }
    }

    var worker: JobWorker {
        JobWorker(database: store.database, handlers: [watching.sender.handler], logger: House.quiet)
    }

    /// Sends what is due.
    func send() async throws {
        try await collect()
        try await worker.drain()
    }

    func watch(_ request: JSON, as key: String) async throws -> (id: String, secret: String) {
        let made = try await post("/v1/watches", request, as: key)
        #expect(made.status == 201, "\(made.json)")
        return (
            try #require(made.json["id"]?.stringValue), try #require(made.json["secret"]?.stringValue)
        )
    }

    func watchCar(_ url: String?, vin: String = House.vin, as key: String) async throws -> (id: String, secret: String)
    {
        try await watch(["kind": "vehicle", "vin": JSON(vin), "url": .optional(url, JSON.string)], as: key)
    }

    func state(_ watch: String, as key: String) async throws -> JSON {
        try await get("/v1/watches/\(watch)", as: key).json
    }

    func patch(_ watch: String, _ patch: JSON, as key: String) async throws -> Answer {
        let tag = try await get("/v1/watches/\(watch)", as: key).http.header("ETag") ?? ""
        return try await send("PATCH", "/v1/watches/\(watch)", patch, as: key, headers: [("If-Match", tag)])
    }

    /// POST without a body.
    func ask(_ path: String, as key: String) async throws -> Answer {
        Answer(try await client.send("POST", path, headers: [("Authorization", "Bearer \(key)")]))
    }

    /// The oldest first.
    func deliveries(_ watch: String, as key: String) async throws -> [JSON] {
        let all = try await get("/v1/watches/\(watch)/deliveries?limit=100", as: key)
        return (all.json["data"]?.arrayValue ?? []).reversed()
    }

    /// A dealer, and any other member, whose key may do everything.
    func watcher(_ kind: String = "dealer", _ uscc: String = "91110108551385082Q") async throws -> Member {
        let member = try await member(kind, uscc)
        let own: JSON = ["organization:read", "watches:write", "audit:read", "keys:write"]
        let scopes = kind == "dealer" ? own.adding("listings:write") : own.adding("events:write")
        let key = try await post(
            "/v1/organizations/\(member.id)/api-keys",
            ["name": "关注", "scopes": scopes],
            as: administrator
        )
        return Member(id: member.id, key: try #require(key.json["secret"]?.stringValue, "\(key.json)"))
    }
}

extension JSON {
    fileprivate func adding(_ text: String) -> JSON { .array((arrayValue ?? []) + [.string(text)]) }
}

/// What a receiver finds out about what it was sent.
struct ReceivedEvent: Sendable {
    let id: String
    let seconds: Int64
    let signatures: [String]
    let json: JSON
    private let body: [UInt8]

    init(_ request: Receiver.Request) throws {
        id = try #require(request.header("webhook-id"))
        seconds = try #require(request.header("webhook-timestamp").flatMap { Int64($0) })
        signatures = try #require(request.header("webhook-signature")).split(separator: " ").map(String.init)
        body = request.body
        json = try JSONParser.parse(request.body)
    }

    var data: JSON { json["data"] ?? .null }

    var envelopes: [String] { data["envelopes"]?.arrayValue?.compactMap(\.stringValue) ?? [] }

    func isSigned(by secret: String) -> Bool {
        guard let secret = WebhookSecret(secret) else { return false }
        return signatures.contains(secret.signature(id: id, seconds: seconds, body: body))
    }
}

/// A receiver who keeps the last head of each car, and notices what is missing.
struct ChainFollower {
    private(set) var heads: [String: String] = [:]
    private(set) var counts: [String: Int] = [:]

    init() {}

    mutating func take(_ event: ReceivedEvent) throws {
        let vin = try #require(event.data["vin"]?.stringValue)
        let after = event.data["after"]?["hash"]?.stringValue
        if let known = heads[vin] { #expect(after == known) }
        var head = after ?? String(repeating: "0", count: 64)
        for envelope in event.envelopes {
            let parsed = try JSONParser.parse(Array(envelope.utf8))
            #expect(parsed["prev"]?.stringValue == head)
            #expect(parsed["vin"]?.stringValue == vin)
            head = SHA256.hash(Array(envelope.utf8)).hex
        }
        #expect(event.data["head"]?["hash"]?.stringValue == head)
        heads[vin] = head
        counts[vin, default: 0] += event.envelopes.count
    }
}
