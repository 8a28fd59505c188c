import Core
import HTTPTypes

/// A policy as it holds for one sort of caller, with its headers made up once.
final class Quota: Sendable {
    let limit: RateLimit
    /// `RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers.
    let policyHeader: HTTPField
    private let fieldPrefix: String

    init(_ limit: RateLimit) {
        self.limit = limit
        let policy = "\"\(limit.name)\";q=\(limit.quota);w=\(limit.windowSeconds)"
        policyHeader = HTTPField(name: .rateLimitPolicy, value: policy)
        fieldPrefix = "\"\(limit.name)\";r="
    }

    /// `RateLimit` of the same draft.
    func field(remaining: Int, secondsToNext: Int) -> String {
        fieldPrefix + String(remaining) + ";t=" + String(secondsToNext)
    }
}

/// A policy for both sorts of callers.
struct QuotaPair: Sendable {
    let stranger: Quota
    let member: Quota

    init(_ policy: RateLimit, scale: Int) {
        stranger = Quota(policy.applied(toMember: false, scale: scale))
        member = Quota(policy.applied(toMember: true, scale: scale))
    }
}
