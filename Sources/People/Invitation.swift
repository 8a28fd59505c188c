package import Core
import Cryptography
package import Identity
package import Web

package enum InvitationTag: IDTag {
    package static let prefix = "inv"
}

package typealias InvitationID = ID<InvitationTag>

/// That somebody is asked to join an organisation, or to set up a new second factor.
package struct Invitation: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// Until a second administrator has said yes.
        case awaitingApproval = "awaiting_approval"
        case open
        case accepted
        case cancelled
        case expired
    }

    package let id: InvitationID
    package let organization: OrganizationID
    package let subject: SubjectID
    package let role: Role
    package let scopes: Set<Scope>
    /// Somebody who is there already and gets a new second factor.
    package let person: PersonID?
    package let invitedBy: String
    package let invitedAt: Instant
    package let approvedBy: String?
    package let expiresAt: Instant
    package let closedAt: Instant?
    package let isAccepted: Bool

    /// Long enough for a weekend and a holiday before it, short enough that a forgotten letter opens nothing.
    package static let validSeconds: Int64 = 7 * 86_400
    static let nameLength = 1...60

    package func state(at now: Instant) -> State {
        if closedAt != nil { return isAccepted ? .accepted : .cancelled }
        if now >= expiresAt { return .expired }
        return approvedBy == nil ? .awaitingApproval : .open
    }

    /// - Parameter values: masked.
    package func json(_ values: [PersonalField: String], at now: Instant) -> JSON {
        [
            "id": JSON(id),
            "organization": JSON(organization),
            "role": JSON(role.rawValue),
            "scopes": .array(scopes.names.map(JSON.string)),
            "name": .optional(values[.name], JSON.string),
            "email": .optional(values[.email], JSON.string),
            "phone": .optional(values[.phone], JSON.string),
            "person": .optional(person) { JSON($0) },
            "state": JSON(state(at: now).rawValue),
            "invited_at": JSON(invitedAt),
            "expires_at": JSON(expiresAt),
        ]
    }
}

extension Invitation {
    /// What is asked of the platform about somebody who is to join.
    package struct Draft: Sendable {
        package let name: String
        package let login: Login
        package let role: Role
        package let scopes: Set<Scope>

        package init(name: String, login: Login, role: Role, scopes: Set<Scope>? = nil) {
            self.name = name
            self.login = login
            self.role = role
            self.scopes = scopes ?? StaffRoles.defaultScopes(of: role)
        }

        /// - Parameter held: the scopes of the one who invites; `nil` where he may give any.
        init(reading json: JSON, in kind: OrganizationKind, held: Set<String>?) throws {
            var reader = try ObjectReader(json)
            let name = reader.line("name", length: Invitation.nameLength)
            let login = reader.value("login", as: Login.self)
            let role = reader.role(in: kind)
            let scopes = reader.scopes(of: role, held: held)
            reader.refuseUnknownMembers()
            try reader.faults.throwIfAny()
            guard let name, let login, let role else { throw Failure(.invalidRequest) }
            self.init(name: name, login: login, role: role, scopes: scopes)
        }
    }
}

extension ObjectReader {
    /// One of the roles that people of such an organisation can have; the only one, where there is one.
    fileprivate mutating func role(in kind: OrganizationKind) -> Role? {
        let allowed = StaffRoles.allowed(in: kind)
        guard let text = string("role", required: allowed.count > 1, length: 1...40) else {
            return allowed.count == 1 ? allowed.first : nil
        }
        guard let role = Role(rawValue: text), allowed.contains(role) else {
            let names = allowed.map(\.rawValue).joined(separator: ", ")
            fault("role", "not_allowed", zh: "只能是：\(names)", en: "Must be one of: \(names)")
            return nil
        }
        return role
    }

    /// - Parameter held: what the one who gives has himself; `nil` where he may give any.
    /// - Returns: `nil` where none are named.
    mutating func scopes(of role: Role?, held: Set<String>?) -> Set<Scope>? {
        guard let elements = array("scopes", count: 0...Scope.allCases.count, required: false) else { return nil }
        let scopes = elements.map { $0.stringValue.flatMap(Scope.init(rawValue:)) }
        let allowed = role.map { StaffRoles.scopes(of: $0) } ?? Set(Scope.allCases)
        let grantable = allowed.filter { held?.contains($0.rawValue) ?? true }
        if scopes.contains(where: { $0.map { !grantable.contains($0) } ?? true }) || Set(scopes).count < scopes.count {
            let names = Set(grantable).names.joined(separator: ", ")
            fault("scopes", "not_allowed", zh: "只能是：\(names)，各一次", en: "Must be of: \(names), each once")
        }
        return Set(scopes.compactMap { $0 })
    }
}
