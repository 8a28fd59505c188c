package import Core
import HTTPTypes
import Identity
package import Storage
package import TransparencyLog
package import Web

/// The pages that people look at: signing in, and what a dealer does all day.
///
/// They stand on the API's own operations, and take the session of a cookie, which no operation of the API does.
package struct PageService: Sendable {
    let database: any Database
    let clock: any WallClock
    let api: OwnAPI
    let log: TransparencyLog
    /// Where a code leads that is read with a phone.
    let publicURL: String

    /// - Parameter operations: of the API.
    package init(
        database: any Database,
        clock: any WallClock,
        operations: [Endpoint],
        log: TransparencyLog,
        publicURL: String
    ) {
        self.database = database
        self.clock = clock
        self.log = log
        self.publicURL = publicURL
        api = OwnAPI(operations)
    }

    package var endpoints: [Endpoint] {
        entranceEndpoints + joiningEndpoints + passwordEndpoints + buyerEndpoints + accountEndpoints + stockEndpoints
            + listingEndpoints + importEndpoints + keyEndpoints + webhookEndpoints + priceEndpoints + carEndpoints
            + [PageAssets.endpoint]
    }

    // MARK: Making endpoints

    /// A page that is looked at.
    func page(
        _ path: String,
        query: Set<String> = [],
        rateLimit: RateLimit = .standard,
        authorize: @escaping @Sendable (Principal?) -> AccessDecision = AccessDecision.everyone,
        _ handler: @escaping @Sendable (Call) async throws -> Reply
    ) -> Endpoint {
        Endpoint(
            .get,
            path,
            query: query,
            produces: [PageService.mediaType],
            credential: .cookie(refusal: RefusalPage.reply),
            rateLimit: rateLimit,
            authorize: authorize
        ) { call in
            try await renewing(call, try await handler(call))
        }
    }

    /// What a form is sent to.
    func action(
        _ path: String,
        fields: Set<String> = [],
        rateLimit: RateLimit = .standard,
        authorize: @escaping @Sendable (Principal?) -> AccessDecision = AccessDecision.everyone,
        _ handler: @escaping @Sendable (Call) async throws -> Reply
    ) -> Endpoint {
        Endpoint(
            .post,
            path,
            body: .form(fields: fields),
            produces: [PageService.mediaType],
            credential: .cookie(refusal: RefusalPage.reply),
            rateLimit: rateLimit,
            authorize: authorize,
            handler: handler
        )
    }

    static let mediaType = "text/html"

    /// Gives a session whose token has been in use for long another one.
    private func renewing(_ call: Call, _ reply: Reply) async throws -> Reply {
        guard call.principal?.session?.isRotationDue == true else { return reply }
        do {
            return signedIn(reply, try await api.ask("POST /v1/sessions/current/rotate", call, json: [:]).json())
        } catch let failure as Failure where failure.type.kind == .unauthenticated {
            // Another request was faster; its answer brings the new token.
            return reply
        }
    }

    /// - Parameter entrance: what the API answers to whoever is let in.
    func signedIn(_ reply: Reply, _ entrance: JSON) -> Reply {
        let isBuyer = entrance["person"]?.text("role") == Role.buyer.rawValue
        let seconds = isBuyer ? SessionPolicy.buyer.absoluteSeconds : nil
        return reply.signedIn(by: entrance.text("token"), maximumAgeSeconds: seconds)
    }

    // MARK: Refusals

    /// Does what a form asks for. What is wrong with it is shown on the form again, all at once.
    ///
    /// - Parameter kinds: of refusals that are this form's own matter and elsewhere are not: a refused credential where
    ///   one signs in, a file that cannot be read where one sends it.
    func showing<Value>(
        also kinds: Set<FailureKind> = [],
        _ form: (Failure) async throws -> Reply,
        _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch {
            let problem = (error as? WebProblem)?.failure ?? error as? Failure
            guard let failure = problem, failure.belongsToForm(or: kinds) else { throw error }
            var reply = try await form(failure)
            let status = failure.type.status
            // 401 would ask the browser for a password of its own.
            reply.status = status == .unauthorized ? .unprocessableContent : status
            if let seconds = failure.retryAfterSeconds { reply = reply.with(.retryAfter, "\(seconds)") }
            throw ShownRefusal(failure, reply)
        }
    }
}

extension Failure {
    fileprivate func belongsToForm(or kinds: Set<FailureKind>) -> Bool {
        switch type.kind {
        case .invalid, .conflict, .stale, .throttled: true
        default: kinds.contains(type.kind)
        }
    }
}
