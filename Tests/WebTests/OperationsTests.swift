import Core
import CoreMetrics
import HTTPTypes
import Logging
import ServiceLifecycle
import Support
import Synchronization
import Testing

@testable import Web

@Suite("What the operator sees")
struct OperationsTests {
    private func server(
        _ checks: [HealthCheck] = [],
        metrics: PrometheusMetrics = PrometheusMetrics()
    ) async throws -> RunningServer {
        let health = Health(
            checks: checks,
            metrics: metrics.text,
            authorizeMetrics: { $0 == nil ? .unauthenticated : .allowed }
        )
        let parts = WebParts(
            authenticator: KnownTokens(),
            refusals: RefusalLog(),
            secret: Site.secret,
            metrics: metrics
        )
        return try await RunningServer.start(parts: parts, endpoints: health.endpoints)
    }

    @Test
    func `a process that answers is alive, even if it is not ready`() async throws {
        let server = try await server([HealthCheck("store") { false }])
        #expect(try await server.client.send("GET", "/healthz").status == 200)
    }

    @Test
    func `readiness names what is missing`() async throws {
        let server = try await server([HealthCheck("store") { false }, HealthCheck("migrations") { true }])
        let answer = try await server.client.send("GET", "/readyz", headers: [("Accept-Language", "en")])
        #expect(answer.status == 503)
        #expect(try answer.code() == "not_ready")
        let errors: JSON = [
            ["pointer": "/checks/store", "code": "not_ready", "detail": "store is not ready"]
        ]
        #expect(try answer.json()["errors"] == errors)
        #expect(answer.header("Retry-After") == "1")
    }

    @Test
    func `a server whose checks pass is ready`() async throws {
        let server = try await server([HealthCheck("store") { true }])
        let answer = try await server.client.send("GET", "/readyz")
        #expect(answer.status == 200)
        #expect(try answer.json() == ["status": "ready", "checks": ["store"]])
    }

    @Test
    func `metrics are for whom the operator allows`() async throws {
        let server = try await server()
        #expect(try await server.client.send("GET", "/metrics").status == 401)
        let prometheus = [
            ("Authorization", "Bearer dealer-a"),
            ("Accept", "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1"),
        ]
        let answer = try await server.client.send("GET", "/metrics", headers: prometheus)
        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
        #expect(answer.text.contains("# TYPE http_request_duration_seconds histogram"))
        #expect(
            answer.text.contains(
                #"http_request_duration_seconds_count{method="GET",route="/metrics",status="401"} 1"#
            )
        )
    }

    // MARK: Logs

    @Test
    func `a request is one line, with its template and without its path`() async throws {
        let site = try await Site.start()
        _ = try await site.send("GET", "/v1/things/SECRETVIN", headers: [("X-Request-Id", "access-log")])
        let line = try #require(site.logs.all.first { $0.contains("access-log") })
        let json = try JSONParser.parse(Array(line.utf8))
        #expect(json["message"] == "request")
        #expect(json["route"] == "/v1/things/{id}")
        #expect(json["method"] == "GET")
        #expect(json["status"] == 200)
        #expect(json["organization"] == "org_a")
        #expect(json["request_id"] == "access-log")
        #expect(json["duration_us"]?.integerValue != nil)
        #expect(json["time"] == "2026-03-01T08:00:00.000Z")
        #expect(!site.logs.all.contains { $0.contains("SECRETVIN") })
    }

    private func members(_ line: String) throws -> [String: JSON] {
        let members = try #require(try JSONParser.parse(Array(line.utf8)).members)
        return Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value) })
    }

    private func lines(level: Logger.Level = .info, _ body: (Logger) -> Void) -> [String] {
        let logs = LogLines()
        body(
            Logger(label: "l") { label in
                JSONLogHandler(label: label, level: level, clock: ManualClock(), write: logs.write)
            }
        )
        return logs.all
    }

    @Test
    func `no input can forge a log line`() throws {
        let hostile = "a\r\n{\"level\":\"forged\"}\u{1B}[31m\u{7F}\u{9B}\u{2028}\""
        let all = lines { $0.info("\(hostile)", metadata: ["\(hostile)": .string(hostile)]) }
        let line = try #require(all.first)
        #expect(all.count == 1)
        #expect(line.hasSuffix("}\n"))
        #expect(line.dropLast().unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
        #expect(try JSONParser.parse(Array(line.utf8))["level"] == "info")
    }

    @Test
    func `metadata keeps its shape`() throws {
        let all = lines { logger in
            var logger = logger
            logger[metadataKey: "b"] = "of the logger"
            logger[metadataKey: "c"] = "only of the logger"
            logger.info(
                "m",
                metadata: [
                    "a": .array(["x", .stringConvertible(7)]), "d": .dictionary(["k": "v"]), "b": "of the line",
                ]
            )
        }
        #expect(
            try members(try #require(all.first)) == [
                "time": "2026-03-01T08:00:00.000Z", "level": "info", "logger": "l", "message": "m", "a": ["x", 7],
                "b": "of the line", "c": "only of the logger", "d": ["k": "v"],
            ]
        )
    }

    @Test
    func `the level decides what is written`() {
        #expect(lines(level: .warning) { $0.info("no") }.isEmpty)
        #expect(lines(level: .warning) { $0.warning("yes") }.count == 1)
    }

    // MARK: Metrics

    @Test
    func `counters, gauges and histograms are written as Prometheus reads them`() {
        let metrics = PrometheusMetrics()
        Counter(label: "jobs.done", dimensions: [("kind", "a\"b\\c\nd")], factory: metrics).increment(by: 3)
        Meter(label: "queue_length", factory: metrics).set(2)
        Recorder(label: "batch_size", factory: metrics).record(5)
        CoreMetrics.Timer(label: "wait_seconds", factory: metrics).recordNanoseconds(3_000_000)
        let text = String(decoding: metrics.text(), as: UTF8.self)
        #expect(text.contains("# TYPE jobs_done counter\njobs_done{kind=\"a\\\"b\\\\c\\nd\"} 3\n"))
        #expect(text.contains("# TYPE queue_length gauge\nqueue_length 2.0\n"))
        #expect(text.contains("batch_size_bucket{le=\"4.0\"} 0\nbatch_size_bucket{le=\"16.0\"} 1\n"))
        #expect(text.contains("wait_seconds_bucket{le=\"0.0025\"} 0\nwait_seconds_bucket{le=\"0.005\"} 1\n"))
        #expect(text.contains("wait_seconds_bucket{le=\"+Inf\"} 1\nwait_seconds_sum 0.003\nwait_seconds_count 1\n"))
    }

    @Test
    func `the same label is the same series`() {
        let metrics = PrometheusMetrics()
        for _ in 0..<3 { Counter(label: "n", dimensions: [("b", "2"), ("a", "1")], factory: metrics).increment() }
        Counter(label: "n", dimensions: [("a", "1"), ("b", "2")], factory: metrics).increment()
        #expect(String(decoding: metrics.text(), as: UTF8.self) == "# TYPE n counter\nn{a=\"1\",b=\"2\"} 4\n")
    }

    @Test
    func `a label with ever new values does not fill the memory`() {
        let metrics = PrometheusMetrics()
        for number in 0..<5000 { Counter(label: "n", dimensions: [("x", "\(number)")], factory: metrics).increment() }
        let text = String(decoding: metrics.text(), as: UTF8.self)
        #expect(text.split(separator: "\n").count == 1002)
        #expect(text.contains("n{overflow=\"true\"} 4000\n"))
    }

    // MARK: Shutdown

    @Test
    func `shutting down lets the request in hand finish, and takes no other`() async throws {
        let effects = Gate()
        let endpoint = Endpoint(
            .get,
            "/wait",
            authorize: AccessDecision.everyone,
            handler: { _ in
                effects.begin()
                while !effects.mayEnd { try await Task.sleep(for: .milliseconds(1)) }
                return Reply.json(["done": true])
            }
        )
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        var settings = Site.settings
        settings.port = 0
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let server = try WebServer(
            settings: settings,
            parts: WebParts(authenticator: KnownTokens(), refusals: RefusalLog(), secret: Site.secret),
            endpoints: [endpoint],
            logger: logger,
            onRunning: { continuation.yield($0) }
        )
        let group = ServiceGroup(services: [server], logger: logger)
        let running = Task { try await group.run() }
        let port = try #require(await ports.first { _ in true })
        let client = HTTPClient(port: port)
        async let answer = client.send("GET", "/wait")
        while !effects.hasBegun { await Task.yield() }
        await group.triggerGracefulShutdown()
        while (try? await RawSocket.connect(port: port)) != nil { try await Task.sleep(for: .milliseconds(5)) }
        effects.allowEnd()
        #expect(try await answer.status == 200)
        try await running.value
    }
}

/// The two ends of a handler that waits to be told.
private final class Gate: Sendable {
    private let begun = Atomic<Bool>(false)
    private let ended = Atomic<Bool>(false)

    var hasBegun: Bool { begun.load(ordering: .acquiring) }
    var mayEnd: Bool { ended.load(ordering: .acquiring) }
    func begin() { begun.store(true, ordering: .releasing) }
    func allowEnd() { ended.store(true, ordering: .releasing) }
}
