package import Core
import Cryptography
package import Identity
package import Web

package enum PersonTag: IDTag {
    package static let prefix = "usr"
}

package typealias PersonID = ID<PersonTag>

/// Somebody who signs in: staff of an organisation, or a buyer, who belongs to none.
///
/// Name, e-mail and phone are the subject's, encrypted; this has none of them.
package struct Person: Sendable, Hashable {
    package let id: PersonID
    /// `nil` for a buyer.
    package let organization: OrganizationID?
    package let subject: SubjectID
    package let role: Role
    package var scopes: Set<Scope>
    package var suspendedAt: Instant?
    /// Counts the changes.
    package var version: Int64
    package let createdAt: Instant

    /// Whose data it may touch: a buyer's are his own.
    package var domain: String { organization?.text ?? id.text }

    /// - Parameter values: masked.
    package func json(_ values: [PersonalField: String], _ certificates: [Certificate]) -> JSON {
        [
            "id": JSON(id),
            "organization": .optional(organization) { JSON($0) },
            "role": JSON(role.rawValue),
            "scopes": .array(scopes.names.map(JSON.string)),
            "name": .optional(values[.name], JSON.string),
            "email": .optional(values[.email], JSON.string),
            "phone": .optional(values[.phone], JSON.string),
            "status": suspendedAt == nil ? "active" : "suspended",
            "suspended_at": .optional(suspendedAt) { JSON($0) },
            "certificates": .array(certificates.map(\.json)),
            "created_at": JSON(createdAt),
        ]
    }
}

/// What people are in an organisation, and what they may have at the most.
package enum StaffRoles {
    /// The roles that people of such an organisation can have.
    package static func allowed(in kind: OrganizationKind) -> [Role] {
        switch kind {
        case .platform: [.admin, .claimsJunior, .claimsSenior, .claimsManager, .finance, .auditor]
        case .dealer: [.dealer]
        case .workshop: [.workshop]
        case .insurer: [.insurer]
        case .authority: [.authority]
        case .auditor: [.auditor]
        }
    }

    /// Every scope that somebody in this role may have.
    package static func scopes(of role: Role) -> Set<Scope> {
        switch role {
        case .admin: OrganizationKind.platform.allowedScopes
        case .dealer: OrganizationKind.dealer.allowedScopes
        case .workshop: OrganizationKind.workshop.allowedScopes
        case .insurer: OrganizationKind.insurer.allowedScopes
        case .authority: OrganizationKind.authority.allowedScopes
        case .auditor: OrganizationKind.auditor.allowedScopes
        case .claimsJunior, .claimsSenior, .claimsManager, .finance: [.claimsRead, .claimsWrite, .organizationRead]
        case .buyer: [.claimsRead, .claimsWrite]
        }
    }

    /// What somebody gets for whom nothing is asked. Keys and colleagues are for those who are trusted with them.
    package static func defaultScopes(of role: Role) -> Set<Scope> {
        scopes(of: role).subtracting([.keysWrite, .peopleManage])
    }

    /// Whoever has it can give others everything, or pays out money: one person alone does not make such a one.
    package static func takesTwo(_ role: Role) -> Bool { role == .admin || role == .finance }

    /// The level that a claims role needs a certificate for; `nil` where none is needed.
    package static func level(of role: Role) -> StaffLevel? {
        switch role {
        case .claimsJunior: .junior
        case .claimsSenior: .senior
        case .claimsManager: .manager
        default: nil
        }
    }
}

/// 初级, 中级, 高级, 经理.
package enum StaffLevel: String, Sendable, Hashable, CaseIterable, Comparable {
    case junior
    case intermediate
    case senior
    case manager

    package static func < (left: StaffLevel, right: StaffLevel) -> Bool { left.rank < right.rank }

    private var rank: Int { StaffLevel.allCases.firstIndex(of: self) ?? 0 }
}

/// What keeps one person from being on both sides. Pure.
package enum SeparationOfDuties {
    /// Nobody changes what he may do himself, certifies himself, or lets himself back in.
    ///
    /// - Parameter actor: `nil` for an API key, which is nobody.
    /// - Throws: `ownAccount`.
    package static func refuseOwn(_ person: PersonID, by actor: PersonID?) throws {
        if actor == person { throw Failure(.ownAccount) }
    }

    /// - Throws: `secondPersonNeeded` where the one who approves is the one who asked.
    package static func requireAnother(than first: String, by second: String) throws {
        if first == second { throw Failure(.secondPersonNeeded) }
    }
}
