package import Core
package import CoreMetrics
package import Cryptography
import HTTPTypes
import HummingbirdCore
package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
package import Storage

/// What the frame needs from others.
package struct WebParts: Sendable {
    package var authenticator: any Authenticator
    package var refusals: any RefusalRecorder
    /// Not in the store: signs cursors, and seals the answers that are kept for repeated requests.
    package var secret: SecretBytes
    package var clock: any WallClock
    package var metrics: any MetricsFactory
    /// The store that several instances share, where there are several: they share the callers' quotas in it.
    package var sharedStore: (any Database)?

    package init(
        authenticator: any Authenticator,
        refusals: any RefusalRecorder,
        secret: SecretBytes,
        clock: any WallClock = SystemClock(),
        metrics: any MetricsFactory = NOOPMetricsHandler.instance,
        sharedStore: (any Database)? = nil
    ) {
        self.authenticator = authenticator
        self.refusals = refusals
        self.secret = secret
        self.clock = clock
        self.metrics = metrics
        self.sharedStore = sharedStore
    }
}

/// The HTTP server: a service to be run in a `ServiceGroup`. On graceful shutdown it accepts nothing more, and ends
/// when the requests in hand are answered.
package struct WebServer: Service {
    private let frame: Frame
    private let listener: any Service

    /// - Parameter onRunning: is told the port as soon as requests are accepted.
    /// - Throws: where two endpoints claim the same method and path.
    package init(
        settings: HTTPServerSettings,
        parts: WebParts,
        endpoints: [Endpoint],
        logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws {
        let frame = try Frame(settings: settings, parts: parts, endpoints: endpoints, logger: logger)
        self.frame = frame
        let channel = HTTP1Channel(responder: frame.serve, configuration: WebServer.channelConfiguration(frame))
        listener = ConnectionOnItsLoop(channel: channel, answerAtOnce: frame.respondAtOnce).server(
            configuration: ServerConfiguration(
                address: .hostname(settings.host, port: settings.port),
                backlog: settings.backlog,
                availableConnectionsDelegate: .maximum(settings.maximumConnections, logger: logger)
            ),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? settings.port) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        )
    }

    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await frame.deadlines.run() }
            if let exchange = frame.exchange { group.addTask { try await exchange.run() } }
            group.addTask { try await listener.run() }
            // The ticking never ends by itself: the first to end is the server.
            try await group.next()
            group.cancelAll()
        }
    }

    private static func channelConfiguration(_ frame: Frame) -> HTTP1Channel.Configuration {
        let settings = frame.settings
        let rules = ConnectionGuard.Rules(
            pace: settings.bodyPace,
            writeStallTimeout: settings.writeStallTimeout,
            lingerTimeout: settings.lingerTimeout,
            unreadable: frame.answerUnreadable
        )
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(rules: rules)],
            idleTimeout: TimeAmount(settings.idleTimeout),
            httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                maxHeaderFieldSize: settings.maximumHeaderBytes,
                maxHeaderListSize: settings.maximumHeaderBytes,
                maxHeaderFieldCount: settings.maximumHeaderCount
            )
        )
    }
}

extension Frame {
    /// One request and its answer.
    @Sendable @concurrent
    fileprivate func serve(
        _ request: Request,
        _ writer: consuming ResponseWriter,
        _ channel: any Channel
    ) async throws {
        let response = await respond(to: request, channel: channel)
        do {
            try await writer.write(response: response.head, body: response.body)
        } catch is HTTPParserError {
            // What could not be read stood in a body that was read while the answer was under way. The framework
            // would answer the parser's own error with a second head.
            throw AnswerBrokenOff()
        }
    }
}

private struct AnswerBrokenOff: Error {}
