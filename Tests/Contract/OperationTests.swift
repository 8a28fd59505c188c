import Core
import HTTPTypes
import Identity
import Testing
import Web

/// The document against the router: what every endpoint says of itself.
@Suite struct OperationTests {
    @Test func `every endpoint is in the document, and nothing else is`() async throws {
        let endpoints = try await ServerUnderTest.endpoints().map { "\($0.method.rawValue) \($0.path)" }
        let documented = try APIDocument.load().operations.map(\.description)
        #expect(Set(endpoints).subtracting(documented).sorted() == [])
        #expect(Set(documented).subtracting(endpoints).sorted() == [])
        #expect(Set(documented).count == documented.count)
    }

    @Test func `every operation has a name of its own, and a summary in both languages`() throws {
        let operations = try APIDocument.load().operations
        #expect(Set(operations.map(\.id)).count == operations.count)
        for operation in operations {
            #expect(!operation.id.isEmpty, "\(operation)")
            let summary = operation.json["summary"]?.stringValue ?? ""
            let parts = summary.split(separator: " / ")
            #expect(parts.count == 2 && parts.allSatisfy { !$0.isEmpty }, "\(operation): \(summary)")
        }
    }

    @Test func `whoever needs a credential is told, with its scope and roles`() async throws {
        try await forEachEndpoint { endpoint, operation, _ in
            let bearer = operation.json["security"]?.arrayValue?.first?["bearer"]
            #expect((bearer != nil) == (endpoint.authorize(nil) != .allowed), "\(operation)")
            #expect(Set(bearer?.strings ?? []) == Set(endpoint.neededScopes), "\(operation)")
            let roles = operation.json["x-roles"]?.strings ?? Role.allCases.map(\.rawValue)
            let isPublic = bearer == nil
            #expect(isPublic || Set(roles) == Set(endpoint.allowedRoles), "\(operation)")
            #expect((operation.json["x-people-only"] == true) == endpoint.isForPeople, "\(operation)")
        }
    }

    @Test func `401 and 403 are documented exactly where they are given`() async throws {
        try await forEachEndpoint { endpoint, operation, contract in
            let statuses = Set((operation.json["responses"]?.members ?? []).map(\.name))
            let isPublic = endpoint.authorize(nil) == .allowed
            // Those who come to sign in have nothing to show yet, and may be refused for what they show.
            let isEntrance = operation.response(401, contract)?.codes(401)?.contains("sign_in_refused") ?? false
            #expect(statuses.contains("401") == (!isPublic || isEntrance), "\(operation)")
            #expect(statuses.contains("403") == (!isPublic && endpoint.refusesSomeMember), "\(operation)")
        }
    }

    @Test func `Idempotency-Key and If-Match stand where they are read`() async throws {
        try await forEachEndpoint { endpoint, operation, contract in
            let headers = operation.parameterNames(in: "header", contract)
            #expect(headers.isSuperset(of: ["Accept-Language", "X-Request-Id"]), "\(operation)")
            #expect(headers.contains("Idempotency-Key") == (endpoint.repetition == .keyed), "\(operation)")
            let statuses = Set((operation.json["responses"]?.members ?? []).map(\.name))
            #expect(headers.contains("If-Match") == statuses.contains("428"), "\(operation)")
            #expect(headers.contains("If-None-Match") == statuses.contains("304"), "\(operation)")
        }
    }

    @Test func `the query and the path have the parameters that are read`() async throws {
        try await forEachEndpoint { endpoint, operation, contract in
            #expect(operation.parameterNames(in: "query", contract) == endpoint.query, "\(operation)")
            let names = endpoint.path.split(separator: "/").filter { $0.hasPrefix("{") }
                .map { String($0.dropFirst().dropLast()) }
            #expect(operation.parameterNames(in: "path", contract) == Set(names), "\(operation)")
        }
    }

    @Test func `the quota of every operation is named`() async throws {
        try await forEachEndpoint { endpoint, operation, contract in
            #expect(operation.json["x-rate-limit"]?.stringValue == endpoint.rateLimit.name, "\(operation)")
            let quota = contract.document["x-rate-limits"]?[endpoint.rateLimit.name]
            #expect(quota?["quota"] == JSON(endpoint.rateLimit.quota), "\(operation)")
            #expect(quota?["member_quota"] == JSON(endpoint.rateLimit.memberQuota), "\(operation)")
            #expect(quota?["window_seconds"] == JSON(endpoint.rateLimit.windowSeconds), "\(operation)")
            #expect(operation.response(429, contract)?.codes(429)?.contains("quota_exceeded") == true, "\(operation)")
        }
    }

    @Test func `media types are those that are read and made`() async throws {
        try await forEachEndpoint { endpoint, operation, contract in
            #expect(operation.bodyTypes.map(\.name) == endpoint.consumedTypes, "\(operation)")
            let produced = operation.responses(contract).filter { $0.status.hasPrefix("2") && $0.status != "204" }
            for (status, response) in produced {
                #expect(response.content.map(\.name) == endpoint.produces, "\(operation) \(status)")
            }
            let refusals = operation.responses(contract).filter { !$0.status.hasPrefix("2") && $0.status != "304" }
            for (status, response) in refusals {
                #expect(response.content.map(\.name) == ["application/problem+json"], "\(operation) \(status)")
            }
        }
    }

    @Test func `every parameter and header is described in both languages and has a schema`() throws {
        let components = try APIDocument.load().document["components"]
        for kind in ["parameters", "headers"] {
            for part in components?[kind]?.members ?? [] {
                #expect(part.value["description"]?.stringValue?.contains(" / ") == true, "\(part.name)")
                #expect(part.value["schema"] != nil, "\(part.name)")
            }
        }
    }

    private func forEachEndpoint(_ check: (Endpoint, Operation, APIDocument) -> Void) async throws {
        let contract = try APIDocument.load()
        for endpoint in try await ServerUnderTest.endpoints() {
            let operation = contract.operations.first {
                $0.method == endpoint.method.rawValue && $0.path == endpoint.path
            }
            // Those that are missing have a test of their own.
            if let operation { check(endpoint, operation, contract) }
        }
    }
}

// MARK: - Asking an endpoint

extension Endpoint {
    private static let everyScope = Set(Scope.allCases.map(\.rawValue))

    /// By somebody who has signed in and shown everything, or by a key.
    private func decision(_ role: Role, scopes: Set<String>, byKey: Bool = false) -> AccessDecision {
        let session = Principal.Session(id: "ses_x", isSteppedUp: true, isCertified: true)
        return authorize(
            Principal(
                organization: "org_x",
                role: role,
                scopes: scopes,
                credential: byKey ? "key_x" : "usr_x",
                session: byKey ? nil : session
            )
        )
    }

    /// Whether a key is refused with every scope that there is.
    var isForPeople: Bool {
        decision(.admin, scopes: Endpoint.everyScope) == .allowed
            && decision(.admin, scopes: Endpoint.everyScope, byKey: true) != .allowed
    }

    /// Roles that get in with every scope.
    var allowedRoles: [String] {
        Role.allCases
            .filter { decision($0, scopes: Endpoint.everyScope) == .allowed }
            .map(\.rawValue)
    }

    /// Scopes without which nobody gets in: what an administrator may not do at all is asked for somebody who may.
    var neededScopes: [String] {
        guard authorize(nil) != .allowed, let role = allowedRoles.first.flatMap(Role.init(rawValue:)) else { return [] }
        return Endpoint.everyScope.filter {
            decision(role, scopes: Endpoint.everyScope.subtracting([$0])) != .allowed
        }
    }

    var refusesSomeMember: Bool {
        Role.allCases.contains { decision($0, scopes: [], byKey: true) != .allowed }
    }

    var consumedTypes: [String] {
        switch body {
        case .none: []
        case .json: method == .patch ? ["application/merge-patch+json"] : ["application/json"]
        case .stream(let mediaTypes, _, _): mediaTypes
        case .form: ["application/x-www-form-urlencoded"]
        }
    }
}
