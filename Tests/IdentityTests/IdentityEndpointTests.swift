import Core
import Cryptography
import HTTPTypes
import Support
import Testing
import Web

@testable import Identity

@Suite struct IdentityEndpointTests {
    private static let organizations = "/v1/organizations"
    private static let organization = "/v1/organizations/{id}"
    private static let suspension = "/v1/organizations/{id}/suspension"
    private static let apiKeys = "/v1/organizations/{id}/api-keys"
    private static let apiKey = "/v1/organizations/{id}/api-keys/{key}"
    private static let signingKeys = "/v1/organizations/{id}/signing-keys"
    private static let signingKey = "/v1/organizations/{id}/signing-keys/{key}"
    private static let trail = "/v1/organizations/{id}/audit-trail"

    @Test func `every POST may be repeated with its key, and every list has pages`() async throws {
        let endpoints = identityEndpoints(try await World.open().identity)
        for endpoint in endpoints {
            #expect((endpoint.method == .post) == (endpoint.repetition == .keyed), "\(endpoint.path)")
        }
        let lists = endpoints.filter { !$0.query.isEmpty }.map(\.path)
        #expect(
            lists == [
                IdentityEndpointTests.organizations, IdentityEndpointTests.apiKeys, IdentityEndpointTests.signingKeys,
                IdentityEndpointTests.trail,
            ]
        )
        #expect(Set(endpoints.map { "\($0.method) \($0.path)" }).count == endpoints.count)
    }

    @Test func `nobody gets in without a credential`() async throws {
        for endpoint in identityEndpoints(try await World.open().identity) {
            #expect(endpoint.authorize(nil) == .unauthenticated, "\(endpoint.method) \(endpoint.path)")
        }
    }

    // MARK: Organisations

    @Test(arguments: Engine.allCases)
    func `an organisation is made, read, changed, suspended and reinstated`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let admin = world.principal(of: try await world.organization(.platform))
        let body: JSON = ["kind": "dealer", "name": "诚信二手车", "uscc": JSON(World.creditCodes[1])]
        let made = try await world.call(.post, IdentityEndpointTests.organizations, as: admin, json: body)
        let id = try #require(try made.json["id"]?.stringValue)
        #expect(made.status == .created && made.headers[.location] == "/v1/organizations/\(id)")
        let read = try await world.call(.get, IdentityEndpointTests.organization, as: admin, ["id": id])
        #expect(try read.json == made.json)
        #expect(read.status == .ok && read.entityTag == made.entityTag)
        let tag = try #require(made.entityTag)
        #expect(tag.wholeMatch(of: /"v1-[0-9a-f]{8}"/) != nil)
        let patched = try await world.call(
            .patch,
            IdentityEndpointTests.organization,
            as: admin,
            ["id": id],
            ifMatch: tag,
            json: ["name": "诚信名车"]
        )
        #expect(try patched.json["name"] == "诚信名车" && patched.entityTag != tag)
        let suspended = try await world.call(
            .post,
            IdentityEndpointTests.suspension,
            as: admin,
            ["id": id],
            ifMatch: patched.entityTag,
            json: ["reason": "证照过期"]
        )
        #expect(try suspended.json["status"] == "suspended" && suspended.status == .ok)
        let back = try await world.call(
            .delete,
            IdentityEndpointTests.suspension,
            as: admin,
            ["id": id],
            ifMatch: suspended.entityTag
        )
        #expect(try back.json["status"] == "active" && back.status == .ok)
        let trail = try await world.trail(id)
        #expect(trail.allSatisfy { $0["organization"] == JSON(admin.organization) && $0["request_id"] == "request-1" })
        #expect(trail.map { $0["method"]?.stringValue } == ["POST", "PATCH", "POST", "DELETE"])
        #expect(trail[1]["route"] == "/v1/organizations/{id}")
    }

    @Test func `a suspension needs a reason`() async throws {
        let world = try await World.open()
        let admin = world.principal(of: try await world.organization(.platform))
        let id = try await world.organization().id.text
        for body: JSON in [[:], ["reason": ""], ["reason": "x", "until": "2027"]] {
            let refused = try await failure {
                try await world.call(
                    .post,
                    IdentityEndpointTests.suspension,
                    as: admin,
                    ["id": id],
                    ifMatch: "*",
                    json: body
                )
            }
            #expect(refused.type == .invalidRequest)
        }
    }

    @Test func `a suspension and a revocation are felt by the very next request`() async throws {
        let world = try await World.open()
        let admin = world.principal(of: try await world.organization(.platform))
        let dealer = try await world.organization()
        let (key, text) = try await world.key(for: dealer)
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        let path = ["id": dealer.id.text, "key": key.id.text]
        let suspension = IdentityEndpointTests.suspension
        _ = try await world.call(.post, suspension, as: admin, path, ifMatch: "*", json: ["reason": "证照过期"])
        #expect(try await world.refusal(text.secret).type == .organizationSuspended)
        _ = try await world.call(.delete, suspension, as: admin, path, ifMatch: "*")
        _ = try await world.authenticator.authenticate(bearer: text.secret)
        _ = try await world.call(.delete, IdentityEndpointTests.apiKey, as: admin, path, ifMatch: "*")
        #expect(try await world.refusal(text.secret).type == .apiKeyRevoked)
    }

    @Test func `the list is walked to its end, page by page`() async throws {
        let world = try await World.open()
        let platform = try await world.organization(.platform)
        var ids = [platform.id.text]
        for code in World.creditCodes {
            for kind in OrganizationKind.allCases where kind != .platform {
                world.clock.advance(milliseconds: 1)
                ids.append(try await world.organization(kind, uscc: code).id.text)
            }
        }
        let list = IdentityEndpointTests.organizations
        #expect(try await world.walk(list, as: world.principal(of: platform), limit: 4) == ids)
    }

    // MARK: Keys

    @Test(arguments: Engine.allCases)
    func `an API key is made, read, listed and revoked`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let dealer = try await world.organization()
        let caller = world.principal(of: dealer)
        let path = ["id": dealer.id.text]
        let made = try await world.call(
            .post,
            IdentityEndpointTests.apiKeys,
            as: caller,
            path,
            json: ["name": "主系统"]
        )
        let id = try #require(try made.json["id"]?.stringValue)
        let secret = try #require(try made.json["secret"]?.stringValue)
        #expect(made.status == .created && made.headers[.location] == "/v1/organizations/\(dealer.id)/api-keys/\(id)")
        #expect(try await world.authenticator.authenticate(bearer: secret).credential == id)
        let keyPath = path.merging(["key": id]) { $1 }
        let read = try await world.call(.get, IdentityEndpointTests.apiKey, as: caller, keyPath)
        #expect(try read.json["secret"] == nil && read.entityTag == made.entityTag)
        let list = try await world.call(.get, IdentityEndpointTests.apiKeys, as: caller, path)
        #expect(try list.json["data"] == [read.json] && list.json["next_cursor"] == .null)
        for _ in 0..<2 {
            let revoked = try await world.call(
                .delete,
                IdentityEndpointTests.apiKey,
                as: caller,
                keyPath,
                ifMatch: read.entityTag
            )
            #expect(revoked.status == .noContent)
        }
        #expect(try await world.refusal(secret).type == .apiKeyRevoked)
        let gone = try await world.call(.get, IdentityEndpointTests.apiKey, as: caller, keyPath)
        #expect(try gone.json["revoked_at"] == "2026-03-01T08:00:00.000Z" && gone.entityTag != read.entityTag)
    }

    @Test(arguments: Engine.allCases)
    func `a signing key is made, read, listed and revoked`(engine: Engine) async throws {
        let world = try await World.open(engine)
        let dealer = try await world.organization()
        let caller = world.principal(of: dealer)
        let path = ["id": dealer.id.text]
        let publicKey = try Ed25519.PrivateKey(seed: World.secret("source")).publicKey
        let made = try await world.call(
            .post,
            IdentityEndpointTests.signingKeys,
            as: caller,
            path,
            json: ["name": "门店一号", "public_key": JSON(Base64.encode(publicKey.bytes))]
        )
        let id = try #require(try made.json["id"]?.stringValue)
        #expect(made.status == .created)
        #expect(made.headers[.location] == "/v1/organizations/\(dealer.id)/signing-keys/\(id)")
        let keyPath = path.merging(["key": id]) { $1 }
        let read = try await world.call(.get, IdentityEndpointTests.signingKey, as: caller, keyPath)
        #expect(try read.json == made.json && read.entityTag == made.entityTag)
        let list = try await world.call(.get, IdentityEndpointTests.signingKeys, as: caller, path)
        #expect(try list.json["data"] == [made.json])
        for _ in 0..<2 {
            let revoked = try await world.call(
                .delete,
                IdentityEndpointTests.signingKey,
                as: caller,
                keyPath,
                ifMatch: read.entityTag
            )
            #expect(revoked.status == .noContent)
        }
        #expect(try await world.read { try SigningKeys.active($0, organization: dealer.id.text) }.isEmpty)
    }

    @Test func `a key that may make keys makes none that can do more`() async throws {
        let world = try await World.open()
        let dealer = try await world.organization()
        let caller = world.principal(of: dealer, scopes: [.keysWrite])
        let refused = try await failure {
            try await world.call(
                .post,
                IdentityEndpointTests.apiKeys,
                as: caller,
                ["id": dealer.id.text],
                json: ["name": "更多", "scopes": ["events:write"]]
            )
        }
        #expect(refused.faults.map(\.code) == ["scope_not_held"])
    }

    @Test func `lists of keys are walked to their end`() async throws {
        let world = try await World.open()
        let dealer = try await world.organization()
        var apiKeys: [String] = []
        var signingKeys: [String] = []
        for seed in 0..<7 {
            world.clock.advance(milliseconds: 1)
            apiKeys.append(try await world.key(for: dealer).key.id.text)
            signingKeys.append(try await world.signingKey(for: dealer, UInt8(seed)).id.text)
        }
        let caller = world.principal(of: dealer)
        let path = ["id": dealer.id.text]
        #expect(try await world.walk(IdentityEndpointTests.apiKeys, as: caller, path, limit: 3) == apiKeys)
        #expect(try await world.walk(IdentityEndpointTests.signingKeys, as: caller, path, limit: 3) == signingKeys)
    }

    // MARK: Preconditions

    private static let changes: [(HTTPRequest.Method, String, JSON)] = [
        (.patch, organization, [:]), (.post, suspension, ["reason": "证照过期"]), (.delete, suspension, .null),
        (.delete, apiKey, .null), (.delete, signingKey, .null),
    ]

    @Test(arguments: changes)
    func `a change names the version that it is about`(
        method: HTTPRequest.Method,
        path: String,
        json: JSON
    ) async throws {
        let world = try await World.open()
        let admin = world.principal(of: try await world.organization(.platform))
        let dealer = try await world.organization()
        let apiKey = try await world.key(for: dealer).key.id.text
        let signingKey = try await world.signingKey(for: dealer, 1).id.text
        let parameters = ["id": dealer.id.text, "key": path.contains("signing") ? signingKey : apiKey]
        let attempt = { (tag: String?) in
            try await failure {
                try await world.call(method, path, as: admin, parameters, ifMatch: tag, json: json)
            }
        }
        #expect(try await attempt(nil).type == .preconditionRequired)
        #expect(try await attempt("\"v1-00000000\"").type == .preconditionFailed)
        #expect(try await attempt("W/\(try await world.tag(path, as: admin, parameters))").type == .preconditionFailed)
    }

    @Test func `revoking again still has to name a version`() async throws {
        let world = try await World.open()
        let dealer = try await world.organization()
        let key = try await world.key(for: dealer).key
        _ = try await world.revoke(key)
        let path = ["id": dealer.id.text, "key": key.id.text]
        let caller = world.principal(of: dealer)
        let refused = try await failure {
            try await world.call(.delete, IdentityEndpointTests.apiKey, as: caller, path)
        }
        #expect(refused.type == .preconditionRequired)
    }
}

extension World {
    /// The identifiers of a list, walked page by page.
    func walk(
        _ path: String,
        as principal: Principal,
        _ parameters: [String: String] = [:],
        limit: Int
    ) async throws -> [String] {
        var ids: [String] = []
        var query = ["limit": String(limit)]
        while true {
            let page = try await call(.get, path, as: principal, parameters, query: query).json
            let data = page["data"]?.arrayValue ?? []
            #expect(data.count <= limit)
            ids += data.compactMap { $0["id"]?.stringValue ?? $0["hash"]?.stringValue }
            guard let cursor = page["next_cursor"]?.stringValue else { return ids }
            #expect(data.count == limit)
            query["cursor"] = cursor
        }
    }

    /// The current tag of what a change at `path` is about.
    fileprivate func tag(_ path: String, as principal: Principal, _ parameters: [String: String]) async throws -> String
    {
        let resource = path.hasSuffix("/suspension") ? String(path.dropLast("/suspension".count)) : path
        return try requireSome(try await call(.get, resource, as: principal, parameters).entityTag)
    }
}
