import Core
import Identity
import People
import Storage
import Support
import Testing
import Watches
import Web

/// Every operation of the document against every kind of caller and owner, over HTTP. What is expected stands in the
/// document alone.
@Suite struct MatrixTests {
    @Test func `each caller gets past authorisation exactly where the document says`() async throws {
        let visit = try await Visit(.english, rateLimitScale: 1000)
        let callers = try await visit.callers()
        #expect(Set(callers.map(\.role)).count == Role.allCases.count + 1)
        for operation in visit.operationsSignOutLast {
            for caller in callers {
                let parameters = visit.anyParameters.merging(operation.own(caller)) { $1 }
                let status = try await visit.ask(operation, parameters, as: caller).status
                let isRefused = status == (caller.key == nil ? 401 : 403)
                #expect(isRefused == !operation.admits(caller), "\(caller.name) \(operation): \(status)")
            }
        }
    }

    @Test func `another's object answers byte for byte like one that does not exist`() async throws {
        let visit = try await Visit(.english, rateLimitScale: 1000)
        let callers = try await visit.callers().filter { $0.role != "admin" && $0.role != "auditor" }
        let owned = try await visit.ownerOfEverything()
        var compared: Set<String> = []
        for operation in visit.operationsSignOutLast {
            for caller in callers where operation.admits(caller) && !operation.isAttended(by: caller) {
                for theirs in operation.foreign(owned, to: caller) {
                    let there = try await visit.ask(operation, theirs, as: caller)
                    let unknown = theirs.mapValues { $0.unknown(insteadOf: owned) }
                    let nowhere = try await visit.ask(operation, unknown, as: caller)
                    #expect(there.status >= 400, "\(caller.name) \(operation): \(there.http.text)")
                    #expect(there.scrubbed == nowhere.scrubbed, "\(caller.name) \(operation)")
                    compared.insert(operation.id)
                }
            }
        }
        // Of what only the platform may do, nobody else gets so far.
        #expect(compared.count > 30, "\(compared.sorted())")
    }
}

/// Somebody who asks.
struct Caller: Sendable {
    /// `dealer (key)`
    let name: String
    /// `nobody` for a stranger.
    let role: String
    let organization: String
    let key: String?
    var isPerson = false
}

// MARK: - What the document says

extension Operation {
    /// Whether the caller gets past authorisation.
    func admits(_ caller: Caller) -> Bool {
        guard json["security"]?.arrayValue?.first?["bearer"] != nil else { return true }
        guard caller.key != nil else { return false }
        if json["x-people-only"] == true, !caller.isPerson { return false }
        return json["x-roles"]?.strings.contains(caller.role) ?? true
    }

    /// `id` is an `OrganizationId`, or a `ListingId`.
    private var sorts: [(name: String, sort: String)] {
        let segments = path.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.dropFirst().dropLast() }
        let references = (shared + (json["parameters"]?.arrayValue ?? [])).compactMap { $0["$ref"]?.stringValue }
        return zip(segments, references).map { (String($0), String($1.split(separator: "/").last ?? "")) }
    }

    /// The caller's own organisation, where one stands in the path.
    func own(_ caller: Caller) -> [String: String] {
        let names = sorts.filter { $0.sort == "OrganizationId" }.map { ($0.name, caller.organization) }
        return Dictionary(names) { $1 }
    }

    /// The platform's own staff settles the claims of every dealer's customers, and reads every contract.
    func isAttended(by caller: Caller) -> Bool {
        let isTheirs = ["/v1/warrant", "/v1/claims", "/v1/advances", "/v1/dealers"].contains { path.hasPrefix($0) }
        return isTheirs && Role(rawValue: caller.role)?.isStaff == true
    }

    /// Paths that lead to what somebody else has: wholly his, and his under the caller's own organisation.
    func foreign(_ owned: [String: String], to caller: Caller) -> [[String: String]] {
        let ids = sorts.map { ($0.name, owned[$0.sort]) }
        guard !ids.isEmpty, ids.allSatisfy({ $0.1 != nil }) else { return [] }
        let theirs = Dictionary(ids.map { ($0.0, $0.1 ?? "") }) { $1 }
        let mixed = theirs.merging(own(caller)) { $1 }
        return mixed == theirs || mixed.values.allSatisfy { $0 == caller.organization } ? [theirs] : [theirs, mixed]
    }
}

extension String {
    /// An identifier of the same sort that nobody has, in the place of one that somebody has.
    fileprivate func unknown(insteadOf owned: [String: String]) -> String {
        guard owned.values.contains(self), let prefix = split(separator: "_").first else { return self }
        return "\(prefix)_" + String(repeating: "0", count: 26)
    }
}

// MARK: - Asking

extension Answer {
    /// Without what differs from any request to the next.
    fileprivate var scrubbed: [String] {
        let changing: Set<String> = ["x-request-id", "date", "ratelimit"]
        let id = json["request_id"]?.stringValue ?? "-"
        return ["\(status)"]
            + http.headers.filter { !changing.contains($0.name.lowercased()) }.map { "\($0.name): \($0.value)" }
            + [http.text.replacing(id, with: "-")]
    }
}

extension Visit {
    /// Whoever signs out is a stranger from then on. Pages take a cookie and send strangers to the door: they have
    /// tests of their own.
    var operationsSignOutLast: [Operation] {
        let operations = contract.operations.filter { $0.json["tags"]?.strings != ["pages"] }
        return operations.filter { $0.id != "signOut" } + operations.filter { $0.id == "signOut" }
    }

    /// An empty object passes no rule: what gets past authorisation changes nothing.
    func ask(_ operation: Operation, _ parameters: [String: String], as caller: Caller) async throws -> Answer {
        var request = Request(parameters: parameters, key: caller.key)
        switch operation.bodyTypes.first?.name {
        case nil: break
        case let type? where type.hasSuffix("json") && !type.hasSuffix("ndjson"): request.json = [:]
        default: request.bytes = []
        }
        return try await unchecked(operation, request)
    }

    /// A stranger, a key of every kind of organisation with every scope, and somebody in every role.
    func callers() async throws -> [Caller] {
        let me = try await call("getMe", Request(key: administrator))
        let platform = try #require(me.json["organization"]?["id"]?.stringValue)
        var callers = [
            Caller(name: "nobody", role: "nobody", organization: "org_" + String(repeating: "1", count: 26), key: nil),
            Caller(name: "admin (key)", role: "admin", organization: platform, key: administrator),
        ]
        for (kind, uscc) in MatrixFixtures.organizations {
            let request: JSON = ["kind": JSON(kind), "name": "测试", "uscc": JSON(uscc)]
            let id = try await call("createOrganization", Request(key: administrator, json: request)).text("id")
            let scopes = try #require(OrganizationKind(rawValue: kind)).allowedScopes.names
            let keyRequest: JSON = ["name": "all", "scopes": .array(scopes.map { JSON($0) })]
            let key = Request(parameters: ["id": id], key: administrator, json: keyRequest)
            let secret = try await call("createApiKey", key).text("secret")
            callers.append(Caller(name: "\(kind) (key)", role: kind, organization: id, key: secret))
            callers.append(try await person(kind, of: id))
        }
        // The administrator last: once there is one, those of finance take a second yes.
        for role in ["finance", "claims_junior", "claims_senior", "claims_manager", "admin"] {
            callers.append(try await person(role, of: platform))
        }
        return callers + [try await buyer()]
    }

    private func person(_ role: String, of organization: String) async throws -> Caller {
        let scopes = Role(rawValue: role).map { StaffRoles.scopes(of: $0).names } ?? []
        let isPlatform = ["admin", "claims_junior", "claims_senior", "claims_manager", "finance"].contains(role)
        let staff = try await joining(
            organization,
            "\(role.replacing("_", with: "."))@example.com",
            as: isPlatform ? role : nil,
            scopes: scopes
        )
        if let level = MatrixFixtures.levels[role] {
            let certificate: JSON = [
                "kind": "claims", "level": JSON(level), "number": "CX-1", "issued_on": "2026-01-01",
                "expires_on": "2027-12-31",
            ]
            let one = ["id": organization, "person": staff.id]
            try await call("grantCertificate", Request(parameters: one, key: administrator, json: certificate))
        }
        return Caller(
            name: "\(role) (person)",
            role: role,
            organization: organization,
            key: staff.token,
            isPerson: true
        )
    }

    private func buyer() async throws -> Caller {
        try await call("sendBuyerCode", Request(json: ["login": "13912345678"]))
        let code = JSON(try server.channel.secret(.signInCode))
        let entrance = try await call("signInBuyer", Request(json: ["login": "13912345678", "code": code]))
        return Caller(
            name: "buyer (person)",
            role: "buyer",
            organization: "org_" + String(repeating: "2", count: 26),
            key: try entrance.text("token"),
            isPerson: true
        )
    }

    /// A watch of the organisation, and something that it was told.
    private func told(_ organization: String, _ key: String) async throws -> (id: String, delivery: String) {
        let watch = Request(key: key, json: ["kind": "notices", "types": ["webhook.disabled"]])
        let id = try await call("createWatch", watch).text("id")
        let organization = try #require(OrganizationID(organization))
        _ = try await server.store.database.write { tx in
            try Notices.enqueue(tx, organization: organization, type: .webhookDisabled, data: [:])
        }
        let deliveries = try await call("listDeliveries", Request(parameters: ["id": id], key: administrator))
        return (id, try #require(deliveries.json["data"]?.arrayValue?.first?["id"]?.stringValue))
    }

    /// A dealer who has one of everything that somebody can have, by the sort of its identifier in the document.
    func ownerOfEverything() async throws -> [String: String] {
        let request: JSON = ["kind": "dealer", "name": "别家", "uscc": "91330108MADAY00B5D"]
        let id = try await call("createOrganization", Request(key: administrator, json: request)).text("id")
        let own = ["id": id]
        let scopes: JSON = ["listings:write", "warranties:write", "watches:write"]
        let key = Request(parameters: own, key: administrator, json: ["name": "x", "scopes": scopes])
        let created = try await call("createApiKey", key)
        let secret = try created.text("secret")
        let publicKey: JSON = ["name": "x", "public_key": "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="]
        let signingKey = Request(parameters: own, key: administrator, json: publicKey)
        let staff = try await joining(id, "owner@example.com", scopes: ["listings:write"])
        let invitation: JSON = ["name": "x", "login": "invited@example.com"]
        let invite = Request(parameters: own, key: administrator, json: invitation)
        let draft: JSON = [
            "vin": JSON(Visit.vin), "title": "x", "odometer_km": 1,
            "price": ["kind": "asking", "amount": 8_800_000, "currency": "CNY"],
        ]
        let certificate: JSON = [
            "kind": "inspection", "level": "junior", "number": "1", "issued_on": "2026-01-01",
            "expires_on": "2026-12-31",
        ]
        let person = ["id": id, "person": staff.id]
        var list = Request(query: "mode=validate", key: secret)
        list.bytes = Array("VIN,售价\n\(Visit.vin),8万\n".utf8)
        let mapping: JSON = ["name": "x", "columns": [["heading": "价", "field": "price"]]]
        let sessions = try await call("listSessions", Request(key: staff.token))
        let estimate = Request(key: secret, json: ["car": Visit.pricedCar])
        let quote = try await call("createWarrantyQuote", Request(key: secret, json: Visit.warrantedCar))
        let basic = quote.json["offers"]?.arrayValue?.first { $0["plan"] == "basic" }
        let sale: JSON = [
            "quote": JSON(try quote.text("id")), "tier": "basic", "delivered_on": "2026-03-01", "odometer_km": 45_000,
            "holder": "C-1", "acknowledged": [try #require(basic?["wording_hash"])],
        ]
        let watched = try await told(id, secret)
        return [
            "WatchId": watched.id,
            "DeliveryId": watched.delivery,
            "OrganizationId": id,
            "ApiKeyId": try created.text("id"),
            "SigningKeyId": try await call("createSigningKey", signingKey).text("id"),
            "PersonId": staff.id,
            "SessionId": try #require(sessions.json["data"]?.arrayValue?.first?["id"]?.stringValue),
            "InvitationId": try await call("invite", invite).text("id"),
            "CertificateId": try await call(
                "grantCertificate",
                Request(parameters: person, key: administrator, json: certificate)
            ).text("id"),
            "EstimateId": try await call("createEstimate", estimate).text("id"),
            "ListingId": try await call("createListing", Request(key: secret, json: draft)).text("id"),
            "ImportId": try await call("createImport", list).text("id"),
            "WarrantyQuoteId": try quote.text("id"),
            "WarrantyId": try await call("issueWarranty", Request(key: secret, json: sale)).text("id"),
            "ImportMappingId": try await call("createImportMapping", Request(key: secret, json: mapping)).text("id"),
        ]
    }
}

private enum MatrixFixtures {
    static let organizations = [
        ("dealer", "91110108551385082Q"), ("workshop", "91350100M000100Y43"), ("insurer", "91110000802100433B"),
        ("authority", "91440300708461136T"), ("auditor", "91330106MA2CX0108D"),
    ]
    static let levels = ["claims_junior": "junior", "claims_senior": "senior", "claims_manager": "manager"]
}
