import Core
import HTTPTypes
import Identity
import Support
import Testing
import Web

@testable import chexin

/// Every route against every kind of caller, over HTTP.
@Suite struct MatrixTests {
    /// Who gets past authorisation. What is not in a row is refused; a route without a row fails the test.
    private static let table = """
        GET    /healthz                                            anyone
        GET    /readyz                                             anyone
        GET    /metrics                                            admin auditor
        GET    /problems                                           anyone
        GET    /problems/{code}                                    anyone
        GET    /openapi.yaml                                       anyone
        GET    /docs                                               anyone
        GET    /v1/me                                              admin dealer workshop insurer authority auditor
        POST   /v1/organizations                                   admin
        GET    /v1/organizations                                   admin auditor
        GET    /v1/organizations/{id}                              admin dealer workshop insurer authority auditor
        PATCH  /v1/organizations/{id}                              admin dealer workshop insurer authority
        POST   /v1/organizations/{id}/suspension                   admin
        DELETE /v1/organizations/{id}/suspension                   admin
        POST   /v1/organizations/{id}/api-keys                     admin dealer workshop insurer authority auditor
        GET    /v1/organizations/{id}/api-keys                     admin dealer workshop insurer authority auditor
        GET    /v1/organizations/{id}/api-keys/{key}               admin dealer workshop insurer authority auditor
        DELETE /v1/organizations/{id}/api-keys/{key}               admin dealer workshop insurer authority auditor
        POST   /v1/organizations/{id}/signing-keys                 admin dealer workshop insurer authority
        GET    /v1/organizations/{id}/signing-keys                 admin dealer workshop insurer authority auditor
        GET    /v1/organizations/{id}/signing-keys/{key}           admin dealer workshop insurer authority auditor
        DELETE /v1/organizations/{id}/signing-keys/{key}           admin dealer workshop insurer authority
        GET    /v1/organizations/{id}/audit-trail                  admin dealer workshop insurer authority auditor
        POST   /v1/vehicles/{vin}/events                           admin dealer workshop insurer authority
        POST   /v1/events/import                                   admin dealer workshop insurer authority
        POST   /v1/vehicles/{vin}/erasures                         admin
        GET    /v1/vehicles/{vin}                                  anyone
        GET    /v1/vehicles/{vin}/history                          anyone
        GET    /v1/vehicles/{vin}/report                           anyone
        GET    /v1/vehicles/{vin}/odometer.svg                     anyone
        GET    /v1/entries/{hash}                                  anyone
        GET    /v1/event-kinds                                     anyone
        POST   /v1/verify                                          anyone
        POST   /v1/listings                                        admin dealer
        GET    /v1/listings/{id}                                   anyone
        PATCH  /v1/listings/{id}                                   admin dealer
        GET    /v1/listings/{id}/changes                           admin dealer auditor
        POST   /v1/listings/{id}/publish                           admin dealer
        POST   /v1/listings/{id}/reserve                           admin dealer
        POST   /v1/listings/{id}/release                           admin dealer
        POST   /v1/listings/{id}/withdraw                          admin dealer
        POST   /v1/listings/{id}/mark-sold                         admin dealer
        GET    /v1/organizations/{id}/listings                     admin dealer auditor
        GET    /v1/listing-disputes                                admin auditor
        POST   /v1/listing-disputes/{id}/settle                    admin
        """

    private static let allowed: [String: Set<String>] = {
        var rows: [String: Set<String>] = [:]
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            rows["\(words[0]) \(words[1])"] = Set(words.dropFirst(2))
        }
        return rows
    }()

    @Test func `every route has a row, and every row a route`() async throws {
        let house = try await House.open()
        let routes = Set(house.endpoints.map { "\($0.method.rawValue) \($0.path)" })
        #expect(routes == Set(MatrixTests.allowed.keys))
    }

    @Test func `each role gets past authorisation exactly where its row says`() async throws {
        let house = try await House.open()
        let keys = try await keysOfEveryRole(house)
        for endpoint in house.endpoints {
            let row = try #require(MatrixTests.allowed["\(endpoint.method.rawValue) \(endpoint.path)"])
            for (role, member) in keys {
                let status = try await status(house, endpoint, as: member)
                let isAllowed = row.contains("anyone") || row.contains(role)
                let refusal = role == "nobody" ? 401 : 403
                #expect((status != refusal) == isAllowed, "\(role) \(endpoint.method) \(endpoint.path): \(status)")
            }
        }
    }

    @Test func `another's organisation answers byte for byte like one that does not exist`() async throws {
        let house = try await House.open()
        let keys = try await keysOfEveryRole(house)
        let other = try #require(keys["insurer"])
        let nowhere = "org_" + String(repeating: "0", count: 26)
        for endpoint in house.endpoints where endpoint.path.contains("/organizations/{id}") {
            for role in ["dealer", "workshop", "authority"] {
                let member = try #require(keys[role])
                let theirs = try await answer(house, endpoint, organization: other.id, as: member)
                let nobodys = try await answer(house, endpoint, organization: nowhere, as: member)
                #expect(theirs.status == nobodys.status)
                #expect(theirs.status == 404 || theirs.status == 403, "\(role) \(endpoint.path)")
                #expect(scrubbed(theirs) == scrubbed(nobodys), "\(role) \(endpoint.method) \(endpoint.path)")
            }
        }
    }

    // MARK: Asking

    /// `nobody` has no key. Keys have every scope that their kind may have.
    private func keysOfEveryRole(_ house: House) async throws -> [String: House.Member] {
        let kinds = [
            ("dealer", "91110108551385082Q"), ("workshop", "91350100M000100Y43"), ("insurer", "91110000802100433B"),
            ("authority", "91440300708461136T"), ("auditor", "91330106MA2CX0108D"),
        ]
        var keys: [String: House.Member] = [
            "nobody": House.Member(id: "org_nobody", key: ""),
            "admin": House.Member(id: try await house.platformID(), key: house.administrator),
        ]
        for (kind, uscc) in kinds {
            let member = try await house.member(kind, uscc)
            let scopes = try #require(OrganizationKind(rawValue: kind)).allowedScopes.names
            let key = try await house.post(
                "/v1/organizations/\(member.id)/api-keys",
                ["name": "all", "scopes": .array(scopes.map { JSON($0) })],
                as: house.administrator
            )
            keys[kind] = House.Member(id: member.id, key: try #require(key.json["secret"]?.stringValue, "\(key.json)"))
        }
        return keys
    }

    private func status(_ house: House, _ endpoint: Endpoint, as member: House.Member) async throws -> Int {
        try await answer(house, endpoint, organization: member.id, as: member).status
    }

    private func answer(
        _ house: House,
        _ endpoint: Endpoint,
        organization: String,
        as member: House.Member
    ) async throws -> House.Answer {
        let path = endpoint.path
            .replacing("{id}", with: organization)
            .replacing("{key}", with: "key_" + String(repeating: "0", count: 26))
            .replacing("{vin}", with: House.vin)
            .replacing("{hash}", with: String(repeating: "0", count: 64))
            .replacing("{code}", with: "not-found")
        let key = member.key.isEmpty ? nil : member.key
        switch endpoint.body {
        case .none:
            return House.Answer(
                try await house.client.send(
                    endpoint.method.rawValue,
                    path,
                    headers: key.map { [("Authorization", "Bearer \($0)")] } ?? []
                )
            )
        case .json:
            // An empty object passes no rule: what gets past authorisation changes nothing.
            return try await house.send(endpoint.method.rawValue, path, [:], as: key)
        case .stream(let mediaType, _):
            return House.Answer(
                try await house.client.send(
                    endpoint.method.rawValue,
                    path,
                    headers: [("Content-Type", mediaType)] + (key.map { [("Authorization", "Bearer \($0)")] } ?? []),
                    body: []
                )
            )
        }
    }

    /// Without what differs from any request to the next.
    private func scrubbed(_ answer: House.Answer) -> [String] {
        let changing: Set<String> = ["x-request-id", "date", "ratelimit"]
        let id = answer.json["request_id"]?.stringValue ?? "-"
        return answer.http.headers.filter { !changing.contains($0.name.lowercased()) }.map { "\($0.name): \($0.value)" }
            + [answer.http.text.replacing(id, with: "-")]
    }
}
