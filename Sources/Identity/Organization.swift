package import Core
package import Web

package enum OrganizationTag: IDTag {
    package static let prefix = "org"
}

package typealias OrganizationID = ID<OrganizationTag>

/// What an organisation is in the trade. Its API keys act in the role of the same name.
package enum OrganizationKind: String, Sendable, Hashable, CaseIterable {
    case platform
    case dealer
    case workshop
    case insurer
    case authority
    case auditor

    package var role: Role {
        switch self {
        case .platform: .admin
        case .dealer: .dealer
        case .workshop: .workshop
        case .insurer: .insurer
        case .authority: .authority
        case .auditor: .auditor
        }
    }

    /// Whether organisations of this kind report events, and so may have signing keys.
    package var isSource: Bool {
        switch self {
        case .dealer, .workshop, .insurer, .authority: true
        case .platform, .auditor: false
        }
    }
}

/// A company or office that calls in its own name.
package struct Organization: Sendable, Hashable {
    /// That it may do nothing at present, since when, and why. Who ordered it stands in the audit trail.
    package struct Suspension: Sendable, Hashable {
        package let since: Instant
        package let reason: String
    }

    package let id: OrganizationID
    package let kind: OrganizationKind
    package var name: String
    /// The unified social credit code. The platform's own organisation is made before anybody can enter one.
    package let uscc: String?
    /// Whether events in its name are refused unless one of its signing keys signed them.
    package var signaturesRequired: Bool
    package var suspension: Suspension?
    /// Counts the changes.
    package var version: Int64
    package let createdAt: Instant

    package static let nameLength = 1...100
    package static let reasonLength = 1...500
}

extension Organization {
    package var json: JSON {
        [
            "id": JSON(id),
            "kind": JSON(kind.rawValue),
            "name": JSON(name),
            "uscc": .optional(uscc, JSON.string),
            "signatures_required": .bool(signaturesRequired),
            "status": suspension == nil ? "active" : "suspended",
            "suspended_at": .optional(suspension?.since) { JSON($0) },
            "suspension_reason": .optional(suspension?.reason, JSON.string),
            "created_at": JSON(createdAt),
        ]
    }

    package var entityTag: String { Identity.entityTag(version: version, json) }
}
