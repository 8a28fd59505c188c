import Core
import HTTPTypes

/// Who calls, and how often. Before the body is read, so that neither costs more than the head.
extension Frame {
    private static let maximumTokenBytes = 512

    func identify(_ exchange: inout Exchange, _ route: Route) async throws {
        if case .cookie = route.endpoint.credential { return try await identifyByCookie(&exchange, route) }
        guard let field = exchange.headers.authorization else {
            return try charge(&exchange, route.quotas.stranger)
        }
        do {
            guard let token = bearerToken(field) else { throw Failure(.unauthenticated) }
            exchange.principal = try await parts.authenticator.authenticate(bearer: token)
        } catch let failure as Failure where failure.type.kind == .unauthenticated {
            // Guesses are counted by address, and against a small quota of their own.
            try charge(&exchange, wrongCredentialQuota)
            throw WebProblem(failure, headers: [.wwwAuthenticate: "Bearer error=\"invalid_token\""])
        }
        try charge(&exchange, route.quotas.member)
    }

    /// - Returns: `false` where it takes the store to know who calls.
    func recognize(_ exchange: inout Exchange) -> Bool {
        guard let field = exchange.headers.authorization else { return true }
        exchange.principal = bearerToken(field).flatMap(parts.authenticator.recognize)
        return exchange.principal != nil
    }

    func charge(_ exchange: inout Exchange, _ quota: Quota) throws {
        let grant = limiter.take(quota, caller: exchange.caller)
        exchange.grant = grant
        guard grant.isAllowed else {
            let policy = quota.limit
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
        guard let quota = exchange.grant?.quota else { return }
        exchange.grant = limiter.giveBack(quota, caller: exchange.caller)
    }

    /// RFC 6750, section 2.1. Two `Authorization` headers are joined by a comma, which is no part of a token.
    private func bearerToken(_ field: String) -> String? {
        let scheme = "bearer "
        let bytes = field.utf8
        guard
            (scheme.utf8.count + 1...scheme.utf8.count + Frame.maximumTokenBytes).contains(bytes.count),
            zip(bytes, scheme.utf8).allSatisfy({ $0 | 0x20 == $1 }),
            bytes.dropFirst(scheme.utf8.count).allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ",") })
        else { return nil }
        return String(field.dropFirst(scheme.utf8.count))
    }
}
