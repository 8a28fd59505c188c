import Core
import HTTPTypes

/// One thing that must be in order before requests are sent here.
package struct HealthCheck: Sendable {
    package let name: String
    package let isHealthy: @Sendable () async -> Bool

    package init(_ name: String, isHealthy: @escaping @Sendable () async -> Bool) {
        self.name = name
        self.isHealthy = isHealthy
    }
}

/// What the operator's machines ask.
package struct Health: Sendable {
    /// What asks whether to send requests here does not wait long for an answer.
    private static let readinessDeadlineSeconds = 5

    private let checks: [HealthCheck]
    private let metrics: @Sendable () -> [UInt8]
    private let authorizeMetrics: @Sendable (Principal?) -> AccessDecision

    /// - Parameter metrics: the Prometheus text, such as `PrometheusMetrics.text`.
    package init(
        checks: [HealthCheck],
        metrics: @escaping @Sendable () -> [UInt8],
        authorizeMetrics: @escaping @Sendable (Principal?) -> AccessDecision
    ) {
        self.checks = checks
        self.metrics = metrics
        self.authorizeMetrics = authorizeMetrics
    }

    package var endpoints: [Endpoint] {
        [
            // The process answers: that is all there is to say.
            Endpoint(.get, "/healthz", rateLimit: .operations, authorize: AccessDecision.everyone) { _ in
                Reply.json(["status": "ok"])
            },
            Endpoint(
                .get,
                "/readyz",
                rateLimit: .operations,
                deadlineSeconds: Health.readinessDeadlineSeconds,
                authorize: AccessDecision.everyone
            ) { _ in
                try await ready()
            },
            Endpoint(
                .get,
                "/metrics",
                produces: ["text/plain"],
                rateLimit: .operations,
                authorize: authorizeMetrics
            ) { _ in
                let contentType = "text/plain; version=0.0.4; charset=utf-8"
                return Reply(.ok, headers: [.contentType: contentType], body: .bytes(metrics()))
            },
        ]
    }

    private func ready() async throws -> Reply {
        var faults: [Fault] = []
        for check in checks where await !check.isHealthy() {
            faults.append(
                Fault("/checks/\(check.name)", "not_ready", zh: "\(check.name) 未就绪", en: "\(check.name) is not ready")
            )
        }
        guard faults.isEmpty else { throw Failure(.notReady, faults: faults, retryAfterSeconds: 1) }
        return Reply.json(["status": "ready", "checks": .array(checks.map { .string($0.name) })])
    }
}
