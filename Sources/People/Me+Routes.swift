import Core
import HTTPTypes
import Identity
import Storage
import Web

extension PeopleService {
    var meEndpoint: Endpoint {
        Endpoint(.get, "/v1/me", authorize: Policy.authorize(.meRead), handler: me)
    }

    /// Who the caller is, as the service sees it: the first thing to ask when a credential does not do what it should.
    private func me(_ call: Call) async throws -> Reply {
        let principal = try call.requirePrincipal()
        return try await database.read { tx in
            let organization = try OrganizationID(principal.organization).map { try Organizations.get(tx, $0) }
            return .json([
                "organization": .optional(organization) { $0.json },
                "role": JSON(principal.role.rawValue),
                "scopes": .array(principal.scopes.sorted().map(JSON.string)),
                "api_key": .optional(try key(tx, principal)) { $0.json },
                "person": .optional(try person(tx, principal)) { $0 },
                "session": .optional(try session(tx, principal)) { $0 },
            ])
        }
    }

    private func key(_ tx: any Transaction, _ principal: Principal) throws -> APIKey? {
        guard let id = APIKeyID(principal.credential), let organization = OrganizationID(principal.organization) else {
            return nil
        }
        return try APIKeys.get(tx, id, of: organization)
    }

    private func person(_ tx: any Transaction, _ principal: Principal) throws -> JSON? {
        guard let id = PersonID(principal.credential), let person = try PersonStore.find(tx, id) else { return nil }
        return try document(tx, person)
    }

    private func session(_ tx: any Transaction, _ principal: Principal) throws -> JSON? {
        guard let id = principal.session.flatMap({ SessionID($0.id) }), let session = try SessionStore.find(tx, id)
        else { return nil }
        return session.json(SessionPolicy.of(principal.role), isCurrent: true)
    }
}
