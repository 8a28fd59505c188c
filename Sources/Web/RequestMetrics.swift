import CoreMetrics
import HTTPTypes
import Logging
import Synchronization

/// Counts and times requests by template, method and status: never by the filled-in path, of which there are millions.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    private let factory: any MetricsFactory
    private let timers = Mutex<[Key: any TimerHandler]>([:])

    init(factory: any MetricsFactory) {
        self.factory = factory
    }

    func record(route: String, method: HTTPRequest.Method, status: Int, duration: Duration) {
        let key = Key(route: route, method: RequestMetrics.label(method), status: status)
        let timer = timers.withLock { timers in
            if let timer = timers[key] { return timer }
            let timer = factory.makeTimer(
                label: "http_request_duration_seconds",
                dimensions: [("route", key.route), ("method", key.method), ("status", String(status))]
            )
            timers[key] = timer
            return timer
        }
        let (seconds, attoseconds) = duration.components
        timer.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    /// Callers may invent methods; they share one label.
    private static func label(_ method: HTTPRequest.Method) -> String {
        switch method {
        case .get, .head, .post, .put, .patch, .delete, .options: method.rawValue
        default: "OTHER"
        }
    }
}

extension Frame {
    /// The access log and the metrics of one request. A streamed answer counts up to its first byte.
    func note(status: Int, _ exchange: Exchange) {
        let duration = ContinuousClock.now - exchange.facts.startedAt
        metrics.record(
            route: exchange.routeName,
            method: exchange.method,
            status: status,
            duration: duration
        )
        logger.info(
            "request",
            metadata: [
                "method": .string(exchange.method.rawValue),
                "route": .string(exchange.routeName),
                "status": .stringConvertible(status),
                "duration_us": .stringConvertible(duration.microseconds),
                "organization": .string(exchange.principal?.organization ?? ""),
            ]
        )
    }
}

extension Duration {
    fileprivate var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
