import Core
import HTTPTypes
import Support
import Testing
import Web

@testable import Identity

/// Who sees whose things. Every endpoint with an organisation in its path is asked for another's.
@Suite struct IsolationTests {
    fileprivate static let bodies: [String: JSON] = [
        "PATCH /v1/organizations/{id}": ["signatures_required": true],
        "POST /v1/organizations/{id}/suspension": ["reason": "证照过期"],
        "POST /v1/organizations/{id}/api-keys": ["name": "主系统", "scopes": ["events:write"]],
        "POST /v1/organizations/{id}/signing-keys": [
            "name": "门店一号", "public_key": "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        ],
    ]

    @Test func `another's organisation is refused as one that does not exist, without asking the store`() async throws {
        let world = try await World.open()
        let own = try await world.organization(.dealer)
        let other = try await world.organization(.workshop)
        let key = try await world.key(for: other).key.id.text
        let caller = world.principal(of: own)
        let reads = (world.database.reads, world.database.writes)
        let nowhere = OrganizationID(at: ManualClock.start).text
        for endpoint in identityEndpoints(world.identity) where endpoint.path.contains("{id}") {
            for id in [other.id.text, nowhere, "no-identifier", AuditTrail.platformChain] {
                let refused = try await failure {
                    try await world.call(endpoint, as: caller, ["id": id, "key": key])
                }
                #expect(refused == Failure(.notFound), "\(endpoint.method) \(endpoint.path) \(id)")
            }
        }
        #expect((world.database.reads, world.database.writes) == reads)
    }

    @Test func `another's key under the own organisation is refused as one that does not exist`() async throws {
        let world = try await World.open()
        let own = try await world.organization(.dealer)
        let other = try await world.organization(.workshop)
        let apiKey = try await world.key(for: other).key.id.text
        let signingKey = try await world.signingKey(for: other, 1).id.text
        let caller = world.principal(of: own)
        let strangers = [
            apiKey, signingKey, APIKeyID(at: ManualClock.start).text, SigningKeyID(at: ManualClock.start).text, "x",
        ]
        for endpoint in identityEndpoints(world.identity) where endpoint.path.contains("{key}") {
            for key in strangers {
                let refused = try await failure {
                    try await world.call(endpoint, as: caller, ["id": own.id.text, "key": key])
                }
                #expect(refused == Failure(.notFound), "\(endpoint.method) \(endpoint.path) \(key)")
            }
        }
    }

    @Test func `an auditor looks at everybody's and changes nothing of theirs`() async throws {
        let world = try await World.open()
        let auditor = world.principal(of: try await world.organization(.auditor))
        let dealer = try await world.organization(.dealer)
        let apiKey = try await world.key(for: dealer).key.id.text
        let signingKey = try await world.signingKey(for: dealer, 1).id.text
        for endpoint in identityEndpoints(world.identity) where endpoint.path.contains("{id}") {
            let key = endpoint.path.contains("signing") ? signingKey : apiKey
            let path = ["id": dealer.id.text, "key": key]
            if endpoint.method == .get {
                #expect(try await world.call(endpoint, as: auditor, path).status == .ok, "\(endpoint.path)")
            } else {
                let refused = try await failure { try await world.call(endpoint, as: auditor, path) }
                #expect(refused == Failure(.notFound), "\(endpoint.method) \(endpoint.path)")
            }
        }
    }

    @Test func `the platform is told that what it asks for does not exist`() async throws {
        let world = try await World.open()
        let admin = world.principal(of: try await world.organization(.platform))
        let nowhere = OrganizationID(at: ManualClock.start).text
        for endpoint in identityEndpoints(world.identity) where endpoint.path.contains("{id}") {
            let path = ["id": nowhere, "key": "x"]
            let refused = try await failure { try await world.call(endpoint, as: admin, path) }
            #expect(refused == Failure(.notFound), "\(endpoint.method) \(endpoint.path)")
        }
    }

    // MARK: Trail and self

    @Test(arguments: Engine.allCases)
    func `an organisation reads its own trail, newest first, and can compute its hashes`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let dealer = try await world.organization()
        for _ in 0..<6 { _ = try await world.key(for: dealer) }
        let path = ["id": dealer.id.text]
        let stored = try await world.read { try AuditTrail.page($0, dealer.id.text, limit: 100) }
        let trail = "/v1/organizations/{id}/audit-trail"
        #expect(
            try await world.walk(trail, as: world.principal(of: dealer), path, limit: 3) == stored.map(\.hash.hex)
        )
        let reply = try await world.call(.get, trail, as: world.principal(of: dealer), path)
        let newest = try #require(try reply.json["data"]?.arrayValue?.first)
        #expect(newest["record"]?.canonicalBytes == Array(stored[0].text.utf8))
        #expect(newest["record"]?["seq"] == 6)
    }

    @Test func `the chain of strangers is for the platform and for auditors`() async throws {
        let world = try await World.open()
        try await world.write { tx in
            let entry = AuditEntry(chain: AuditTrail.platformChain, action: "a", origin: .system, subject: nil)
            _ = try AuditTrail.append(tx, entry)
        }
        let trail = "/v1/organizations/{id}/audit-trail"
        let path = ["id": AuditTrail.platformChain]
        for kind in [OrganizationKind.platform, .auditor] {
            let reader = world.principal(of: try await world.organization(kind))
            let reply = try await world.call(.get, trail, as: reader, path)
            #expect(try reply.json["data"]?.arrayValue?.count == 1)
        }
    }
}

extension World {
    /// Calls with a body that the endpoint takes.
    fileprivate func call(
        _ endpoint: Endpoint,
        as principal: Principal,
        _ parameters: [String: String]
    ) async throws -> Reply {
        try await call(
            endpoint.method,
            endpoint.path,
            as: principal,
            parameters,
            ifMatch: "*",
            json: IsolationTests.bodies["\(endpoint.method.rawValue) \(endpoint.path)"] ?? .null
        )
    }
}
