package import Core
import HTTPTypes

/// What is known of a request that a page refuses.
package struct RefusedRequest: Sendable {
    package let failure: Failure
    package let requestID: String
    package let language: Language
    package let principal: Principal?
    /// Whether asking again is safe: GET and HEAD.
    package let isRead: Bool
    package let path: String
    /// With the query.
    package let target: String

    init(_ failure: Failure, _ exchange: Exchange) {
        self.failure = failure
        requestID = exchange.requestID
        language = exchange.language
        principal = exchange.principal
        isRead = exchange.isRead
        path = exchange.path
        target = exchange.facts.head.path ?? exchange.path
    }
}

/// A refusal with the answer that tells of it, such as the form with what is wrong at its fields. It is noted as any
/// other is.
package struct ShownRefusal: Error {
    package let failure: Failure
    package let reply: Reply

    package init(_ failure: Failure, _ reply: Reply) {
        self.failure = failure
        self.reply = reply
    }
}

/// Where browsers come with a cookie.
extension Frame {
    /// Another site may have a browser send a form here. A browser says where a request comes from (Fetch Metadata); an
    /// older one names the origin at least.
    ///
    /// - Throws: `crossSiteRequest` where it is not known to be a page of ours.
    func checkSite(_ exchange: Exchange, _ route: Route) throws {
        guard case .cookie = route.endpoint.credential, !exchange.isRead else { return }
        let isOwn =
            if let site = exchange.headers.fetchSite {
                site == "same-origin"
            } else {
                exchange.headers.origin.map { isOurs($0, exchange) } ?? false
            }
        guard isOwn else { throw Failure(.crossSiteRequest) }
    }

    /// By the host that the caller asked for: a proxy may speak TLS for us, so that the scheme says nothing.
    private func isOurs(_ origin: String, _ exchange: Exchange) -> Bool {
        guard let authority = exchange.facts.head.authority?.lowercased() else { return false }
        return ["https://", "http://"].contains { $0 + authority == origin.lowercased() }
    }

    /// A session that is over is no session: pages for everybody are shown all the same, and the others tell why not.
    func identifyByCookie(_ exchange: inout Exchange, _ route: Route) async throws {
        guard let token = exchange.headers.cookie.flatMap(SessionCookie.token) else {
            return try charge(&exchange, route.quotas.stranger)
        }
        do {
            exchange.principal = try await parts.authenticator.authenticate(session: token)
        } catch let failure as Failure where failure.type.kind == .unauthenticated {
            // Guesses are counted, and spare nobody what strangers are counted by.
            try charge(&exchange, wrongCredentialQuota)
            exchange.sessionRefusal = failure
            return try charge(&exchange, route.quotas.stranger)
        }
        try charge(&exchange, route.quotas.member)
    }
}

extension Reply {
    /// With what a refusal says in its headers, such as when to come again; its own go before.
    func withMissing(_ others: HTTPFields) -> Reply {
        let ofDocuments: Set<HTTPField.Name> = [.contentType, .wwwAuthenticate]
        return others.filter { !ofDocuments.contains($0.name) && !headers.contains($0.name) }.reduce(self) {
            $0.with($1.name, $1.value)
        }
    }
}
