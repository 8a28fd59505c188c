import Core
import HTTPTypes
import Hummingbird

/// Who calls, and how often. Before the body is read, so that neither costs more than the head.
extension Frame {
    private static let maximumTokenBytes = 512

    func identify(_ exchange: inout Exchange, _ route: Route) async throws {
        guard let field = exchange.request.headers[.authorization] else {
            return try charge(&exchange, route.endpoint.rateLimit)
        }
        do {
            guard let token = bearerToken(field) else { throw Failure(.unauthenticated) }
            let principal = try await parts.authenticator.authenticate(bearer: token)
            exchange.principal = principal
            exchange.caller = principal.organization
        } catch let failure as Failure where failure.type.kind == .unauthenticated {
            // Guesses are counted by address, and against a small quota of their own.
            try charge(&exchange, .authentication)
            throw WebProblem(failure, headers: [.wwwAuthenticate: "Bearer error=\"invalid_token\""])
        }
        try charge(&exchange, route.endpoint.rateLimit)
    }

    func charge(_ exchange: inout Exchange, _ policy: RateLimit) throws {
        let policy = policy.applied(toMember: exchange.principal != nil, scale: settings.rateLimitScale)
        let grant = limiter.take(policy, caller: exchange.caller)
        exchange.grant = grant
        guard grant.isAllowed else {
            throw WebProblem(
                Failure(
                    .quotaExceeded,
                    zh: "超出「\(policy.name)」策略：每 \(policy.windowSeconds) 秒 \(policy.quota) 次",
                    en: "Over the policy \"\(policy.name)\": \(policy.quota) in \(policy.windowSeconds) seconds",
                    retryAfterSeconds: grant.secondsToNext
                ),
                members: [JSON.Member("violated-policies", [.string(policy.name)])]
            )
        }
    }

    /// The answer was that nothing has changed: that is free.
    func refund(_ exchange: inout Exchange) {
        guard let policy = exchange.grant?.policy else { return }
        exchange.grant = limiter.giveBack(policy, caller: exchange.caller)
    }

    /// RFC 6750, section 2.1. Two `Authorization` headers are joined by a comma, which is no part of a token.
    private func bearerToken(_ field: String) -> String? {
        let pieces = field.split(separator: " ", maxSplits: 1)
        guard
            pieces.count == 2, pieces[0].lowercased() == "bearer",
            pieces[1].utf8.count <= Frame.maximumTokenBytes,
            pieces[1].utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ",") })
        else { return nil }
        return String(pieces[1])
    }
}
