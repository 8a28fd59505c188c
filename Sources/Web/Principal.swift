package import Core

/// What a caller acts as. An organisation's API key acts as its organisation's kind; people have the rest.
package enum Role: String, Sendable, Hashable, CaseIterable {
    case admin
    case dealer
    case workshop
    case insurer
    case authority
    case claimsJunior = "claims_junior"
    case claimsSenior = "claims_senior"
    case claimsManager = "claims_manager"
    case finance
    case auditor
    case buyer

    /// Those who work for the platform on the cases of others.
    package var isStaff: Bool {
        switch self {
        case .claimsJunior, .claimsSenior, .claimsManager, .finance: true
        case .admin, .dealer, .workshop, .insurer, .authority, .auditor, .buyer: false
        }
    }
}

/// A caller that has shown who it is.
package struct Principal: Sendable, Hashable {
    /// `org_…`, or `usr_…` for a buyer: whose data it may touch, and the scope of its idempotency keys, cursors and
    /// rate limits.
    package let organization: String
    package let role: Role
    /// What the credential may do at the most; the role may allow less.
    package let scopes: Set<String>
    /// `key_…`, or `usr_…` for somebody who has signed in: written into the audit trail.
    package let credential: String
    /// `nil` for an API key.
    package let session: Session?

    /// What is known of somebody who has signed in, at the moment of the request.
    package struct Session: Sendable, Hashable {
        /// `ses_…`
        package let id: String
        /// Whether the second factor was shown recently enough for money and personal data.
        package let isSteppedUp: Bool
        /// Whether the certificates that the role takes are valid.
        package let isCertified: Bool
        /// Whether its token is due for another one.
        package let isRotationDue: Bool

        package init(id: String, isSteppedUp: Bool, isCertified: Bool, isRotationDue: Bool = false) {
            self.isRotationDue = isRotationDue
            self.id = id
            self.isSteppedUp = isSteppedUp
            self.isCertified = isCertified
        }
    }

    package init(
        organization: String,
        role: Role,
        scopes: Set<String>,
        credential: String,
        session: Session? = nil
    ) {
        self.organization = organization
        self.role = role
        self.scopes = scopes
        self.credential = credential
        self.session = session
    }
}

/// What a rule says about a caller and an endpoint.
package enum AccessDecision: Sendable, Hashable {
    case allowed
    /// No credential, and one is needed.
    case unauthenticated
    /// The caller is known and may not; the reason is named.
    case forbidden(LocalizedText)
    /// The caller may, once the second factor has been shown again.
    case stepUpNeeded

    /// - Throws: what the caller is told, where he may not.
    package func requireAllowed() throws {
        switch self {
        case .allowed: return
        case .unauthenticated: throw Failure(.unauthenticated)
        case .forbidden(let reason): throw Failure(.forbidden, zh: reason.zh, en: reason.en)
        case .stepUpNeeded: throw Failure(.stepUpRequired)
        }
    }

    /// The rule of what is public.
    package static let everyone: @Sendable (Principal?) -> AccessDecision = { _ in .allowed }
}

/// Finds out who is calling. Declared here, where it is needed; `Identity` implements it.
package protocol Authenticator: Sendable {
    /// - Parameter bearer: the token of an `Authorization: Bearer` header.
    /// - Throws: `Failure` of kind `unauthenticated`, which never says whether the key exists.
    func authenticate(bearer: String) async throws -> Principal

    /// - Parameter session: the token of a session, and of nothing else.
    /// - Throws: as `authenticate(bearer:)`.
    func authenticate(session: String) async throws -> Principal

    /// The same without waiting: `nil` where the store has to be asked, or would refuse.
    func recognize(bearer: String) -> Principal?
}

extension Authenticator {
    package func authenticate(session: String) async throws -> Principal { throw Failure(.unauthenticated) }

    package func recognize(bearer: String) -> Principal? { nil }
}

/// Takes note of refusals. Declared here, where they are seen; `Identity` implements it with the audit trail.
package protocol RefusalRecorder: Sendable {
    func record(_ refusal: Refusal) async
}

/// A request that was refused: what the audit trail keeps of it.
package struct Refusal: Sendable, Hashable {
    package let requestID: String
    package let method: String
    /// The endpoint's template, never the filled-in path: VINs stay out of trails and logs.
    package let route: String
    package let status: Int
    package let code: String
    package let principal: Principal?
    package let remoteAddress: String

    package init(
        requestID: String,
        method: String,
        route: String,
        status: Int,
        code: String,
        principal: Principal?,
        remoteAddress: String
    ) {
        self.requestID = requestID
        self.method = method
        self.route = route
        self.status = status
        self.code = code
        self.principal = principal
        self.remoteAddress = remoteAddress
    }
}
