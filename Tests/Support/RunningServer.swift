package import Logging
package import Web

/// The real server on a port of its own, for as long as somebody holds it.
package final class RunningServer: Sendable {
    package let port: Int
    package let client: HTTPClient
    private let task: Task<Void, any Error>

    /// - Throws: what the server throws where it cannot be built or does not start.
    package static func start(
        settings: HTTPServerSettings = .patient,
        parts: WebParts,
        endpoints: [Endpoint],
        logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    ) async throws -> RunningServer {
        var settings = settings
        settings.port = 0
        let (ports, continuation) = AsyncThrowingStream<Int, any Error>.makeStream()
        let server = try WebServer(settings: settings, parts: parts, endpoints: endpoints, logger: logger) { port in
            continuation.yield(port)
        }
        let task = Task {
            do {
                try await server.run()
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
                throw error
            }
        }
        for try await port in ports { return RunningServer(port: port, task: task) }
        throw ServerDidNotStart()
    }

    private init(port: Int, task: Task<Void, any Error>) {
        self.port = port
        self.task = task
        client = HTTPClient(port: port)
    }

    deinit {
        task.cancel()
    }

    package func connect() async throws -> RawSocket {
        try await RawSocket.connect(port: port)
    }
}

extension HTTPServerSettings {
    /// Where many tests share few cores, a client that waits for its turn is no slow sender, nor is he gone.
    package static var patient: HTTPServerSettings {
        var settings = HTTPServerSettings()
        settings.bodyPace.grace = .seconds(600)
        settings.idleTimeout = .seconds(600)
        return settings
    }
}

package struct ServerDidNotStart: Error {}
