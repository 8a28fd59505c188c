import Core
import Cryptography
import HTTPTypes
import Ledger
import Support
import Synchronization
import Testing
import TransparencyLog
import Web

/// What stands between the log and a buyer, and may change what it hands on.
final class Meddler: Sendable {
    private let change = Mutex<(@Sendable ([UInt8]) -> [UInt8])?>(nil)

    func meddle(_ body: (@Sendable ([UInt8]) -> [UInt8])?) {
        change.withLock { $0 = body }
    }

    /// The same endpoints, with this one's hand on the bodies of one of them.
    func standing(before path: String, _ endpoints: [Endpoint]) -> [Endpoint] {
        endpoints.map { endpoint in
            guard endpoint.path == path, endpoint.method == .get else { return endpoint }
            return Endpoint(
                .get,
                path,
                produces: endpoint.produces,
                credential: endpoint.credential,
                rateLimit: endpoint.rateLimit,
                authorize: endpoint.authorize
            ) { call in
                var reply = try await endpoint.handler(call)
                guard case .bytes(let bytes) = reply.body, let change = self.change.withLock({ $0 }) else {
                    return reply
                }
                reply.body = .bytes(change(bytes))
                return reply
            }
        }
    }
}

/// A car that somebody looks at with a phone, and whoever may stand in between.
struct CarPageHouse {
    let house: House
    let proof: Meddler
    let page: Meddler
    let workshop: House.Member

    static let path = "/v1/vehicles/{vin}/proof"
    static let hostile = "<img src=x onerror=alert(1)>\"'&<script>alert(2)</script>"

    static func open(_ engine: Engine = .usual) async throws -> CarPageHouse {
        let (proof, page) = (Meddler(), Meddler())
        let house = try await House.open(engine) { endpoints in
            page.standing(before: "/v/{vin}", proof.standing(before: path, endpoints))
        }
        return CarPageHouse(house: house, proof: proof, page: page, workshop: try await house.workshop())
    }

    var url: String { "http://127.0.0.1:\(house.server.port)/v/\(House.vin)" }

    /// Eight entries: one signed by its source, a rollback, a correction, a late one, an erased one, a hostile text.
    func fill() async throws {
        let keyID = try await signingKey()
        _ = try await house.append(
            "vehicle.registered",
            ["make": "大众", "series": "朗逸", "use": "private"],
            ref: "reg",
            at: "2020-05-01T02:00:00.000Z",
            as: house.administrator
        )
        try await read(20_000, "2021-06-01", signedBy: keyID)
        let wrong = try await read(850_000, "2022-06-01")
        let hash = try #require(wrong.json["hash"]?.stringValue, "\(wrong.json)")
        try await add(
            "entry.corrected",
            ["reason": "多录一位", "data": ["odometer_km": 85_000]],
            "2022-06-02",
            more: [.init("corrects", JSON(hash))]
        )
        try await read(61_000, "2024-03-01")
        try await add("maintenance.done", ["items": [JSON(CarPageHouse.hostile)]], "2024-06-01")
        let erased = try await add("maintenance.done", ["description": "车主电话留言记录"], "2021-01-05")
        let request: JSON = [
            "entry": erased.json["hash"] ?? .null, "ground": "consent_withdrawn", "ref": "erasure-1",
        ]
        let path = "/v1/vehicles/\(House.vin)/erasures"
        #expect(try await house.post(path, request, as: house.administrator).status == 201)
        try await house.log.catchUp()
    }

    @discardableResult
    func read(_ km: Int, _ day: String, signedBy key: (id: String, key: Ed25519.PrivateKey)? = nil) async throws
        -> House.Answer
    {
        var more: [JSON.Member] = []
        let ref = "read \(day) \(km)"
        if let key {
            let statement: JSON = [
                "data": ["odometer_km": JSON(km)], "kind": "odometer.read", "log": JSON(House.origin),
                "occurred_at": JSON("\(day)T02:00:00.000Z"), "ref": JSON(ref), "source": JSON(workshop.id),
                "vin": JSON(House.vin),
            ]
            let signature = try key.key.sign(statement.canonicalBytes)
            more = [.init("key", JSON(key.id)), .init("sig", JSON(Base64.encode(signature)))]
        }
        return try await add("odometer.read", ["odometer_km": JSON(km)], day, ref: ref, more: more)
    }

    @discardableResult
    func add(_ kind: String, _ data: JSON, _ day: String, ref: String? = nil, more: [JSON.Member] = []) async throws
        -> House.Answer
    {
        let answer = try await house.append(
            kind,
            data,
            ref: ref ?? "\(kind) \(day)",
            at: "\(day)T02:00:00.000Z",
            as: workshop.key,
            more: more
        )
        #expect(answer.status == 201, "\(answer.json)")
        return answer
    }

    private func signingKey() async throws -> (id: String, key: Ed25519.PrivateKey) {
        let key = try Ed25519.PrivateKey(seed: SecretBytes([UInt8](repeating: 31, count: 32)))
        let registered = try await house.post(
            "/v1/organizations/\(workshop.id)/signing-keys",
            ["name": "门店", "public_key": JSON(Base64.encode(key.publicKey.bytes))],
            as: house.administrator
        )
        return (try #require(registered.json["id"]?.stringValue, "\(registered.json)"), key)
    }

    func bundle() async throws -> ProofBundle {
        try ProofBundle(parsing: try await house.client.send("GET", "/v1/vehicles/\(House.vin)/proof").body)
    }

    /// The page as a phone shows it, once its script has come to an end.
    func seen(language: String = "zh-CN") async throws -> ChromiumTab {
        let tab = try await Chromium.shared().tab(language: language)
        try await tab.go(url)
        try await tab.waits(for: "document.getElementById('checks').dataset.state")
        return tab
    }
}

extension ChromiumTab {
    func text(_ selector: String) async throws -> String {
        try await value("(document.querySelector(\(JSON(selector).text)) || {textContent: ''}).textContent")
    }

    /// Codes of the checks that did not pass.
    func failures() async throws -> String {
        try await value("[...document.querySelectorAll('.checks .failed')].map((line) => line.dataset.check).join(' ')")
    }
}

extension JSON {
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
