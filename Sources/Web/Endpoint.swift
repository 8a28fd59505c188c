import Core
package import HTTPTypes

/// One operation of the API, as data: the router, the authorisation matrix, the method table and the contract test
/// all read this, so none of them can forget one.
package final class Endpoint: Sendable {
    package enum Body: Sendable, Hashable {
        /// A body is refused.
        case none
        /// Strict JSON up to this many bytes.
        case json(maximumBytes: Int)
        /// Read by the handler as it arrives, up to this many bytes, and of one of these types.
        case stream(mediaTypes: [String], maximumBytes: Int, charsets: Charsets = .utf8)
        /// What a browser sends of a form without a file: these fields alone, each at the most once.
        case form(fields: Set<String>)
    }

    /// What shows who calls. One is looked at and the other is not, so that what a browser sends along by itself opens
    /// no operation of the API.
    package enum Credential: Sendable {
        /// A key or a token in `Authorization`.
        case bearer
        /// A session's token in `SessionCookie`. Whoever is refused is answered with a page.
        case cookie(refusal: @Sendable (RefusedRequest) -> Reply)
    }

    /// In which character sets a body may be.
    package enum Charsets: Sendable, Hashable {
        case utf8
        /// The handler reads what the body says of itself.
        case declared
        /// Whatever its type says, and where there is none: what the clients of a protocol send that says nothing of
        /// types.
        case unsaid
    }

    /// How a POST may be repeated.
    package enum Repetition: Sendable, Hashable {
        /// Safe or idempotent by nature.
        case natural
        /// Takes an `Idempotency-Key`, and keeps the answer through `Call.once`.
        case keyed
    }

    package let method: HTTPRequest.Method
    /// As OpenAPI writes it: `/v1/organizations/{id}`.
    package let path: String
    /// Whether the last parameter of the path takes all that is left of it, slashes included.
    package let takesRest: Bool
    /// Query members that it knows; any other is refused.
    package let query: Set<String>
    package let body: Body
    /// Media types that it can answer with, the preferred one first. `Accept` must allow one of them.
    package let produces: [String]
    package let repetition: Repetition
    package let credential: Credential
    package let rateLimit: RateLimit
    package let deadlineSeconds: Int
    package let authorize: @Sendable (Principal?) -> AccessDecision
    /// For a GET whose answer is often at hand: gives it, or `nil` where `handler` has to. It runs on the connection's
    /// event loop, and must not wait for anything.
    package let atOnce: (@Sendable (Call) throws -> Reply?)?
    package let handler: @Sendable (Call) async throws -> Reply

    package init(
        _ method: HTTPRequest.Method,
        _ path: String,
        takesRest: Bool = false,
        query: Set<String> = [],
        body: Body = .none,
        produces: [String] = ["application/json"],
        repetition: Repetition = .natural,
        credential: Credential = .bearer,
        rateLimit: RateLimit = .standard,
        deadlineSeconds: Int = Limits.requestDeadlineSeconds,
        authorize: @escaping @Sendable (Principal?) -> AccessDecision,
        atOnce: (@Sendable (Call) throws -> Reply?)? = nil,
        handler: @escaping @Sendable (Call) async throws -> Reply
    ) {
        self.method = method
        self.path = path
        self.takesRest = takesRest
        self.query = query
        self.body = body
        self.produces = produces
        self.repetition = repetition
        self.credential = credential
        self.rateLimit = rateLimit
        self.deadlineSeconds = deadlineSeconds
        self.authorize = authorize
        self.atOnce = atOnce
        self.handler = handler
    }
}

/// A quota: how many requests a caller has in a window. One bucket a policy and caller.
package struct RateLimit: Sendable, Hashable {
    package let name: String
    /// For callers without a credential, by address.
    package let quota: Int
    /// For an organisation, which can be spoken to.
    package let memberQuota: Int
    package let windowSeconds: Int

    package init(name: String, quota: Int, memberQuota: Int? = nil, windowSeconds: Int) {
        self.name = name
        self.quota = quota
        self.memberQuota = memberQuota ?? quota
        self.windowSeconds = windowSeconds
    }

    /// The policy as it holds for one sort of caller.
    func applied(toMember isMember: Bool, scale: Int) -> RateLimit {
        RateLimit(name: name, quota: (isMember ? memberQuota : quota) * scale, windowSeconds: windowSeconds)
    }
}

extension Endpoint {
    /// Whether it takes the cookie of a browser, and no key.
    package var isPage: Bool {
        if case .cookie = credential { true } else { false }
    }
}

extension Endpoint.Body {
    package static let json = Endpoint.Body.json(maximumBytes: Limits.bodyBytes)

    var charsets: Endpoint.Charsets {
        if case .stream(_, _, let charsets) = self { charsets } else { .utf8 }
    }
}

/// Every limit of the HTTP side, with its unit.
package enum Limits {
    package static let bodyBytes = 1 << 20
    package static let formBytes = 64 << 10
    package static let importBytes = 64 << 20
    package static let headerBytes = 16 << 10
    package static let requestDeadlineSeconds = 30
    package static let importDeadlineSeconds = 1800
    package static let pageSizeDefault = 20
    package static let pageSizeMaximum = 100
}
