package import Core

/// What is sent, and to where. Only POST: what receives events takes nothing else.
package struct OutboundRequest: Sendable {
    package let url: OutboundURL
    /// Name and value; both have to be visible ASCII.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(url: OutboundURL, headers: [(name: String, value: String)], body: [UInt8]) {
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// Why there is no answer, or none that counts.
package enum OutboundFault: String, Sendable, Hashable, CaseIterable {
    /// The name has no address.
    case unresolved
    /// It has one that the policy does not allow.
    case refusedAddress = "refused_address"
    case unreachable
    /// The certificate is not valid for the name, or no secure connection came about.
    case tls
    case timeout
    /// What came back is no answer of HTTP.
    case garbage
}

/// What came of it.
package struct OutboundAnswer: Sendable, Hashable {
    /// `nil` where there was none.
    package let status: Int?
    /// The beginning of what came back, up to `OutboundLimits.keptBytes`.
    package let body: [UInt8]
    package let latencyMilliseconds: Int64
    /// Where it is not `nil`, the answer is not whole, whatever its status was.
    package let fault: OutboundFault?

    package init(status: Int?, body: [UInt8] = [], latencyMilliseconds: Int64, fault: OutboundFault? = nil) {
        self.status = status
        self.body = body
        self.latencyMilliseconds = latencyMilliseconds
        self.fault = fault
    }

    package var isAccepted: Bool { fault == nil && status.map { (200...299).contains($0) } == true }
}

/// Limits of one request, each with its unit.
package struct OutboundLimits: Sendable {
    /// Of an answer's body, for whoever wants to know what a receiver said.
    package static let keptBytes = 4 << 10

    package var connectMilliseconds = 5000
    /// From the first packet to the last byte: who sends a byte a second ends here, too.
    package var totalMilliseconds = 10_000
    /// Behind so many bytes of a body nobody listens any more: the status has been heard.
    package var bodyBytes = 64 << 10
    package var headerBytes = 64 << 10
    /// Requests at a time, and those that wait for their turn.
    package var concurrency = 16
    package var waiting = 64

    package init() {}
}

/// Finds the addresses of a name; none where it has none. It may block.
package typealias OutboundResolver = @Sendable (_ host: String) -> [IPAddress]

/// Sends requests to where strangers want them, without ever being led to where they must not go: every address of the
/// name is looked at, only those are connected to, and each once more at the moment when its socket is opened.
///
/// Redirects are not followed, proxies of the environment not used, and no thread that serves requests waits.
package struct Outbound: Sendable {
    package let policy: OutboundPolicy
    private let limits: OutboundLimits
    private let resolver: OutboundResolver
    private let threads: WorkerThreads

    package init(
        policy: OutboundPolicy,
        limits: OutboundLimits = OutboundLimits(),
        resolver: @escaping OutboundResolver = SystemResolver.addresses
    ) {
        self.policy = policy
        self.limits = limits
        self.resolver = resolver
        threads = WorkerThreads(
            concurrentMaximum: limits.concurrency,
            waitingMaximum: limits.waiting,
            refusal: Failure(.outboundBusy, retryAfterSeconds: Outbound.retryAfterSeconds)
        )
    }

    private static let retryAfterSeconds = 5

    /// - Throws: `Failure.outboundBusy` where too many wait; whatever becomes of the request is an answer.
    package func post(_ request: OutboundRequest) async throws -> OutboundAnswer {
        try await threads.perform { [self] in
            // The policy may have been another one when the URL was taken.
            guard let vetted = vetted(request.url) else {
                return OutboundAnswer(status: nil, latencyMilliseconds: 0, fault: .unresolved)
            }
            guard !vetted.isEmpty else {
                return OutboundAnswer(status: nil, latencyMilliseconds: 0, fault: .refusedAddress)
            }
            return Transfer(policy, limits).perform(request, addresses: vetted)
        }
    }

    /// The addresses to connect to; none where one of them is refused, `nil` where the name has none. A name of which
    /// one address is allowed and another is not is a trap.
    private func vetted(_ url: OutboundURL) -> [IPAddress]? {
        let found = url.address.map { [$0] } ?? resolver(url.host)
        guard !found.isEmpty else { return nil }
        guard url.isSecure || policy.allowsPrivateNetworks else { return [] }
        return found.allSatisfy(policy.allows) ? found : []
    }
}

extension ProblemType {
    package static let outboundBusy = ProblemType(
        "outbound_busy",
        .unavailable,
        zh: "正在发送的通知过多，请稍后重试",
        en: "Too much is being sent at the moment; try again shortly"
    )

    /// Every type that this target raises.
    package static let outbound: [ProblemType] = [.outboundBusy]
}
