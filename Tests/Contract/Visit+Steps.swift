import Core
import Cryptography
import Support
import Testing
import Web

// The steps of a walk: each calls its operations as a caller would, and has them refuse what they must.

extension Visit {
    static let vin = "LFV2A21K8G4012345"

    var vehicle: [String: String] { ["vin": Visit.vin] }

    /// Values that have the right form, and lead to nothing.
    var anyParameters: [String: String] {
        [
            "vin": Visit.vin, "hash": String(repeating: "0", count: 64), "id": "org_01kg6yn200fs8r6hm1xcfsj93t",
            "key": "key_01kg6yn6w8fhrbgjpyg68vwj4y", "code": "not_found", "person": "usr_01kjp5c2f8e0xa4w9dq3m7t6zb",
            "session": "ses_01kjp5d0aye6h8pw2t3k9rxm4c", "invitation": "inv_01kjp59v3sf1jr6y8b2d0q5wte",
            "certificate": "crt_01kjp5e6q0e29s4m7xd1v8ab3k", "hold": "hld_01kjq5a4s0fw2t9c8x7b6n5m4k",
            "photo": "pho_01kjp8x2d8e5t9s0y4m1b7c3qa", "name": "icon-0000000000000000.svg",
            "delivery": "dlv_01kk4sg3q4fw2t9c8x7b6n5m4k", "account": "borne",
            "job": "job_01kjqb7m20e4r8t5w9y3z6c1dn", "version": "none", "kind": "basic_service", "level": "0",
            "tile": "000",
        ]
    }

    struct Member {
        let id: String
        let key: String
    }

    // MARK: Organisations

    func organizations() async throws {
        let request: JSON = ["kind": "dealer", "name": "诚信二手车", "uscc": "91110108551385082Q"]
        let keyed: HTTPClient.Headers = [("Idempotency-Key", "dealer-1")]
        let create = Request(key: administrator, headers: keyed, json: request)
        let dealer = try await call("createOrganization", create)
        let again = try await call("createOrganization", create)
        #expect(again.http.header("Idempotency-Replayed") == "true")
        #expect(again.http.body == dealer.http.body)
        let other: JSON = ["kind": "dealer", "name": "另一家", "uscc": "91440300708461136T"]
        let reused = Request(key: administrator, headers: keyed, json: other)
        try await refuse("createOrganization", "idempotency_key_reused", reused)
        try await refuse("createOrganization", "organization_exists", Request(key: administrator, json: request))
        try await refuse(
            "createOrganization",
            "invalid_request",
            Request(key: administrator, json: ["kind": "platform"])
        )
        try await paging("listOrganizations", [:], administrator)
        let id = ["id": try dealer.text("id")]
        try await changing(id, try dealer.entityTag())
        try await suspending(id)
    }

    private func changing(_ id: [String: String], _ tag: String) async throws {
        let read = Request(parameters: id, key: administrator)
        try await call("getOrganization", read)
        let unchanged = Request(parameters: id, key: administrator, headers: [("If-None-Match", tag)])
        #expect(try await call("getOrganization", unchanged).status == 304)
        try await refuse("getOrganization", "not_found", Request(parameters: anyParameters, key: administrator))
        var patch = Request(parameters: id, key: administrator, json: ["signatures_required": true])
        try await refuse("updateOrganization", "precondition_required", patch)
        patch.headers = [("If-Match", tag)]
        try await call("updateOrganization", patch)
        try await refuse("updateOrganization", "precondition_failed", patch)
        patch.json = ["status": "active"]
        try await refuse("updateOrganization", "read_only_field", patch)
        patch.json = ["name": 1]
        try await refuse("updateOrganization", "invalid_request", patch)
    }

    private func suspending(_ id: [String: String]) async throws {
        var tag = try await call("getOrganization", Request(parameters: id, key: administrator)).entityTag()
        var request = Request(parameters: id, key: administrator, json: ["reason": "待核查"])
        try await refuse("suspendOrganization", "precondition_required", request)
        request.headers = [("If-Match", tag)]
        tag = try await call("suspendOrganization", request).entityTag()
        request.headers = [("If-Match", "\"v0-00000000\"")]
        try await refuse("suspendOrganization", "precondition_failed", request)
        let me = try await call("getMe", Request(key: administrator))
        let platform = ["id": try #require(me.json["organization"]?["id"]?.stringValue)]
        let own = try await call("getOrganization", Request(parameters: platform, key: administrator))
        request.parameters = platform
        request.headers = [("If-Match", try own.entityTag())]
        try await refuse("suspendOrganization", "platform_not_suspendable", request)
        var lift = Request(parameters: id, key: administrator)
        try await refuse("reinstateOrganization", "precondition_required", lift)
        lift.headers = [("If-Match", tag)]
        try await call("reinstateOrganization", lift)
        try await refuse("reinstateOrganization", "precondition_failed", lift)
        lift.parameters = anyParameters
        try await refuse("reinstateOrganization", "not_found", lift)
    }

    /// A page of one, the next by its cursor, and a cursor that nobody gave out.
    func paging(_ id: String, _ parameters: [String: String], _ key: String) async throws {
        let first = try await call(id, Request(parameters: parameters, query: "limit=1", key: key))
        if let cursor = first.json["next_cursor"]?.stringValue {
            #expect(first.http.header("Link")?.hasSuffix("rel=\"next\"") == true)
            try await call(id, Request(parameters: parameters, query: "limit=1&cursor=\(cursor)", key: key))
        }
        let forged = Request(parameters: parameters, query: "cursor=AAAA", key: key)
        try await refuse(id, "invalid_cursor", forged)
        try await refuse(id, "invalid_query", Request(parameters: parameters, query: "limit=0", key: key))
    }

    // MARK: Keys

    /// - Returns: a workshop that may do whatever its kind may.
    func keys() async throws -> Member {
        let request: JSON = ["kind": "workshop", "name": "栖云维修", "uscc": "91350100M000100Y43"]
        let workshop = try await call("createOrganization", Request(key: administrator, json: request)).text("id")
        let id = ["id": workshop]
        let scopes: JSON = [
            "audit:read", "events:write", "keys:write", "organization:read", "organization:write", "people:manage",
        ]
        let draft: JSON = ["name": "主系统", "scopes": scopes]
        let key = try await call("createApiKey", Request(parameters: id, key: administrator, json: draft)).text(
            "secret"
        )
        let weak = try await call("createApiKey", Request(parameters: id, key: key, json: ["name": "接口"]))
        let unheld: JSON = ["name": "x", "scopes": ["metrics:read"]]
        try await refuse("createApiKey", "invalid_request", Request(parameters: id, key: key, json: unheld))
        let limited = Request(parameters: id, key: try weak.text("secret"), json: ["name": "x"])
        try await refuse("createApiKey", "forbidden", limited)
        try await refuse("createApiKey", "not_found", Request(parameters: anyParameters, key: key, json: ["name": "x"]))
        try await paging("listApiKeys", id, key)
        try await refuse("listApiKeys", "not_found", Request(parameters: anyParameters, key: key))
        try await revoking("getApiKey", "revokeApiKey", id.merging(["key": try weak.text("id")]) { $1 }, key)
        let revoked = Request(key: try weak.text("secret"))
        try await refuse("getMe", "api_key_revoked", revoked)
        return Member(id: workshop, key: key)
    }

    func signingKeys(_ workshop: Member) async throws {
        let id = ["id": workshop.id]
        let publicKey = Base64.encode(
            try Ed25519.PrivateKey(seed: SecretBytes([UInt8](repeating: 9, count: 32))).publicKey.bytes
        )
        let draft: JSON = ["name": "签名", "public_key": JSON(publicKey)]
        let request = Request(parameters: id, key: workshop.key, json: draft)
        let created = try await call("createSigningKey", request)
        try await refuse("createSigningKey", "signing_key_exists", request)
        let wrong = Request(parameters: id, key: workshop.key, json: ["name": "签名", "public_key": "AAAA"])
        try await refuse("createSigningKey", "invalid_request", wrong)
        try await paging("listSigningKeys", id, workshop.key)
        let key = id.merging(["key": try created.text("id")]) { $1 }
        try await revoking("getSigningKey", "revokeSigningKey", key, workshop.key)
    }

    private func revoking(
        _ read: String,
        _ revoke: String,
        _ parameters: [String: String],
        _ key: String
    ) async throws {
        let tag = try await call(read, Request(parameters: parameters, key: key)).entityTag()
        let unchanged = Request(parameters: parameters, key: key, headers: [("If-None-Match", tag)])
        #expect(try await call(read, unchanged).status == 304)
        let other = parameters.merging(["key": "key_x"]) { $1 }
        try await refuse(read, "not_found", Request(parameters: other, key: key))
        var request = Request(parameters: parameters, key: key)
        try await refuse(revoke, "precondition_required", request)
        request.headers = [("If-Match", "\"v9-00000000\"")]
        try await refuse(revoke, "precondition_failed", request)
        request.headers = [("If-Match", tag)]
        #expect(try await call(revoke, request).status == 204)
        request.parameters = other
        try await refuse(revoke, "not_found", request)
    }

    // MARK: The rest

    func auditing(_ workshop: Member) async throws {
        try await paging("listAuditRecords", ["id": workshop.id], workshop.key)
        try await refuse("listAuditRecords", "not_found", Request(parameters: anyParameters, key: workshop.key))
        try await call("getMe", Request(key: workshop.key))
        try await refuse("getMe", "unauthenticated")
    }

    func service() async throws {
        for id in ["listProblems", "getOpenAPI", "getDocs", "listEventKinds"] {
            let tag = try await call(id).entityTag()
            #expect(try await call(id, Request(headers: [("If-None-Match", tag)])).status == 304)
            try await refuse(id, "body_not_allowed", Request(headers: [("Content-Length", "1")], bytes: [0x20]))
        }
        for code in ["not_found", "not-found"] { try await call("getProblem", Request(parameters: ["code": code])) }
        try await refuse("getProblem", "not_found", Request(parameters: ["code": "no_such_code"]))
        let page = try await page("/sign-in")
        for name in page.values(between: "\"/assets/", and: "\"") {
            try await call("getAsset", Request(parameters: ["name": name]))
        }
        try await refuse("getAsset", "not_found", Request(parameters: anyParameters))
        try await call("getHealth")
        try await refuse("getHealth", "invalid_query", Request(query: "verbose=1"))
        try await call("getReadiness")
        server.readiness.set(false)
        try await refuse("getReadiness", "not_ready")
        server.readiness.set(true)
        try await call("getMetrics", Request(key: administrator))
        try await refuse("getMetrics", "unauthenticated")
    }
}
