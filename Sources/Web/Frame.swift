import Core
import CoreMetrics
import Cryptography
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// What every request goes through, in one order, whichever endpoint it is for.
final class Frame: Sendable {
    let settings: HTTPServerSettings
    let parts: WebParts
    let cursors: CursorSigner
    let idempotency: Idempotency
    let limiter: RateLimiter
    let deadlines = Deadlines()
    let routes: RouteTable
    let metrics: RequestMetrics
    let runningKeys = RunningKeys()
    let dates = HTTPDates()
    let strayQuota: Quota
    let wrongCredentialQuota: Quota
    let inFlight = Atomic<Int>(0)
    let logger: Logger

    /// - Throws: where two endpoints claim the same method and path.
    init(
        settings: HTTPServerSettings,
        parts: WebParts,
        endpoints: [Endpoint],
        logger: Logger
    ) throws(DuplicateEndpoint) {
        self.settings = settings
        self.parts = parts
        self.logger = logger
        cursors = CursorSigner(secret: parts.secret)
        idempotency = Idempotency(secret: parts.secret)
        limiter = RateLimiter(
            maximumBuckets: settings.maximumRateLimitBuckets,
            clock: parts.clock,
            hasOthers: parts.sharedStore != nil
        )
        routes = try RouteTable(endpoints.map { Route($0, rateLimitScale: settings.rateLimitScale) })
        metrics = RequestMetrics(factory: parts.metrics)
        strayQuota = QuotaPair(.stray, scale: settings.rateLimitScale).stranger
        wrongCredentialQuota = QuotaPair(.authentication, scale: settings.rateLimitScale).stranger
    }

    /// `nil` where this is the only instance.
    var exchange: RateExchange? {
        parts.sharedStore.map { RateExchange(limiter: limiter, database: $0, logger: logger) }
    }

    func respond(to request: Request, channel: any Channel) async -> Response {
        var exchange = exchange(request.head, request.body, channel)
        return await RequestID.$current.withValue(exchange.requestID) {
            var reply: Reply
            do {
                reply = try await answer(&exchange)
            } catch {
                reply = await refuse(error, &exchange)
            }
            if exchange.deadline?.isMissed == true {
                // Answered already; what the endpoint came to at last has nowhere to go.
                logger.warning("finished after its deadline", metadata: ["route": .string(exchange.routeName)])
                return Response(status: .serviceUnavailable)
            }
            let response = finish(&reply, &exchange)
            note(status: response.status.code, exchange)
            return response
        }
    }

    /// The answer to what can be answered without waiting for anything; `nil` leaves the request as it came, for the
    /// long way round. Refusals take that too: they are noted.
    @Sendable
    func respondAtOnce(to head: HTTPRequest, channel: any Channel) -> AnswerNow? {
        guard head.method == .get else { return nil }
        var exchange = exchange(head, RequestBody(buffer: ByteBuffer()), channel)
        guard let route = exchange.route, let handler = route.endpoint.atOnce else { return nil }
        do {
            try admit(exchange)
            guard recognize(&exchange) else { return nil }
            try authorize(exchange, route)
            guard var reply = try handler(try readCallAtOnce(exchange, route)) else { return nil }
            // Last, so that a request that goes the long way is not counted twice.
            try charge(&exchange, exchange.principal == nil ? route.quotas.stranger : route.quotas.member)
            let answer = AnswerNow(head: self.head(of: &reply, &exchange), body: ByteBuffer(bytes: reply.body.bytes))
            RequestID.$current.withValue(exchange.requestID) { note(status: answer.head.status.code, exchange) }
            return answer
        } catch {
            return nil
        }
    }

    private func exchange(_ head: HTTPRequest, _ body: RequestBody, _ channel: any Channel) -> Exchange {
        let proxies = settings.trustedProxies
        return Exchange(RequestFacts(head, body: body, channel: channel, routes: routes, trustedProxies: proxies))
    }

    private func answer(_ exchange: inout Exchange) async throws -> Reply {
        try admit(exchange)
        guard let route = exchange.route else { return try answerUnrouted(&exchange) }
        try checkSite(exchange, route)
        try await identify(&exchange, route)
        try authorize(exchange, route)
        let call = try await readCall(&exchange, route)
        return try await perform(call, &exchange, route)
    }

    /// OPTIONS, wrong methods and unknown paths.
    private func answerUnrouted(_ exchange: inout Exchange) throws -> Reply {
        try charge(&exchange, strayQuota)
        let method = exchange.method
        if method == .options, exchange.path == "*" {
            return Reply(.noContent, headers: [.allow: routes.allMethods])
        }
        let allowed = exchange.facts.match?.allowedMethods
        if method == .options, let allowed { return Reply(.noContent, headers: [.allow: allowed]) }
        // These two are known to nobody here, so that there is no path for which they are not allowed alone.
        let isForbiddenEverywhere = method == .trace || method == .connect
        guard allowed != nil || isForbiddenEverywhere else { throw Failure(.notFound) }
        throw WebProblem(Failure(.methodNotAllowed), headers: [.allow: allowed ?? ""])
    }

    private func authorize(_ exchange: Exchange, _ route: Route) throws {
        let decision = route.endpoint.authorize(exchange.principal)
        if decision == .unauthenticated, let refusal = exchange.sessionRefusal { throw refusal }
        try decision.requireAllowed()
    }

    private func perform(_ call: Call, _ exchange: inout Exchange, _ route: Route) async throws -> Reply {
        guard inFlight.add(1, ordering: .relaxed).newValue <= settings.maximumInFlight else {
            inFlight.subtract(1, ordering: .relaxed)
            throw Failure(.overloaded, retryAfterSeconds: 1)
        }
        defer { inFlight.subtract(1, ordering: .relaxed) }
        guard let stream = call.stream else { return try await performInTime(call, &exchange, route) }
        // A body that is read while it arrives has its own deadline, which ends the reading and with it the handler.
        let claim = try runningKeys.claim(call.idempotency)
        exchange.mustClose = true
        var reply = try await route.endpoint.handler(call)
        exchange.mustClose = false
        exchange.hasReadBody = stream.isRead.isUp
        reply.keep(claim)
        return reply
    }

    /// The handler runs on in the task of its connection however long it takes, so that a write on its way to the disk
    /// arrives there; but past the deadline the caller is answered without it, and the connection closed.
    private func performInTime(_ call: Call, _ exchange: inout Exchange, _ route: Route) async throws -> Reply {
        let deadline = Deadline()
        exchange.deadline = deadline
        let late = exchange
        let entry = deadlines.add(at: exchange.facts.startedAt + .seconds(route.endpoint.deadlineSeconds)) { [self] in
            if deadline.miss() { answerLate(late) }
        }
        defer {
            deadline.meet()
            deadlines.remove(entry)
        }
        let reply = try await route.endpoint.handler(call)
        return exchange.method == .head ? try await reply.measured() : reply
    }
}

/// The keyed requests with a streamed body that are running in this process.
///
/// Other keyed requests need no such list: each is one transaction, and transactions wait for each other.
final class RunningKeys: Sendable {
    private let running = Mutex<Set<String>>([])

    /// Held for as long as the request runs; its end frees the key, however the request ended.
    final class Claim: Sendable {
        private let key: String
        private let owner: RunningKeys

        fileprivate init(_ key: String, _ owner: RunningKeys) {
            self.key = key
            self.owner = owner
        }

        deinit {
            owner.running.withLock { _ = $0.remove(key) }
        }
    }

    /// - Throws: `idempotencyInProgress` where the same key is running.
    func claim(_ request: Idempotency.Request?) throws -> Claim? {
        guard let request else { return nil }
        let key = request.scope + "|" + request.keyDigest.hex
        guard running.withLock({ $0.insert(key).inserted }) else {
            throw Failure(.idempotencyInProgress, retryAfterSeconds: 1)
        }
        return Claim(key, self)
    }
}

extension Reply {
    /// Holds the claim until the last byte is written.
    fileprivate mutating func keep(_ claim: RunningKeys.Claim?) {
        guard let claim, case .stream(let write) = body else { return }
        body = .stream { writer in
            try await write(writer)
            withExtendedLifetime(claim) {}
        }
    }
}
