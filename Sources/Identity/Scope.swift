/// What a credential may do at the most; the role of its organisation may allow less.
///
/// Reading what the world may read takes no scope: a caller who names itself is never worse off than an anonymous one.
package enum Scope: String, Sendable, Hashable, CaseIterable {
    case auditRead = "audit:read"
    case claimsRead = "claims:read"
    case claimsWrite = "claims:write"
    case eventsWrite = "events:write"
    case listingsWrite = "listings:write"
    case keysWrite = "keys:write"
    case metricsRead = "metrics:read"
    case organizationRead = "organization:read"
    case organizationWrite = "organization:write"
    case organizationsManage = "organizations:manage"
    case peopleManage = "people:manage"
    case payloadsErase = "payloads:erase"
    case pricingManage = "pricing:manage"
    case subjectsManage = "subjects:manage"
    case subjectsRead = "subjects:read"
    case subjectsReveal = "subjects:reveal"
    case warrantiesWrite = "warranties:write"
    case watchesWrite = "watches:write"
}

extension OrganizationKind {
    /// Every scope that a key of such an organisation may have.
    package var allowedScopes: Set<Scope> {
        switch self {
        case .platform: Set(Scope.allCases)
        case .dealer:
            [
                .auditRead, .claimsRead, .claimsWrite, .eventsWrite, .keysWrite, .listingsWrite, .organizationRead,
                .organizationWrite, .peopleManage, .warrantiesWrite, .watchesWrite,
            ]
        case .workshop, .insurer, .authority:
            [.auditRead, .eventsWrite, .keysWrite, .organizationRead, .organizationWrite, .peopleManage, .watchesWrite]
        case .auditor:
            [.auditRead, .claimsRead, .keysWrite, .metricsRead, .organizationRead, .peopleManage, .watchesWrite]
        }
    }

    /// What a key gets that asks for nothing.
    ///
    /// A source's default key reports events and cannot make keys: whoever steals it from an integration can neither
    /// stay after its revocation nor register a signing key of his own.
    package var defaultScopes: Set<Scope> {
        switch self {
        case .platform: allowedScopes
        case .dealer:
            [.auditRead, .claimsRead, .claimsWrite, .eventsWrite, .listingsWrite, .organizationRead, .warrantiesWrite]
        case .workshop, .insurer, .authority: [.auditRead, .eventsWrite, .organizationRead]
        case .auditor: [.auditRead, .claimsRead, .organizationRead]
        }
    }
}

extension Set<Scope> {
    /// Sorted, so that one set has one text.
    package var names: [String] { map(\.rawValue).sorted() }

    /// As a column holds it. A name that is not known any more grants nothing.
    package init(stored text: String) {
        self.init(text.split(separator: " ").compactMap { Scope(rawValue: String($0)) })
    }

    package var stored: String { names.joined(separator: " ") }
}
