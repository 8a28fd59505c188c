package import Core
package import CoreMetrics
package import Cryptography
import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// What the frame needs from others.
package struct WebParts: Sendable {
    package var authenticator: any Authenticator
    package var refusals: any RefusalRecorder
    /// Not in the store: signs cursors, and seals the answers that are kept for repeated requests.
    package var secret: SecretBytes
    package var clock: any WallClock
    package var metrics: any MetricsFactory

    package init(
        authenticator: any Authenticator,
        refusals: any RefusalRecorder,
        secret: SecretBytes,
        clock: any WallClock = SystemClock(),
        metrics: any MetricsFactory = NOOPMetricsHandler.instance
    ) {
        self.authenticator = authenticator
        self.refusals = refusals
        self.secret = secret
        self.clock = clock
        self.metrics = metrics
    }
}

/// The HTTP server: a service to be run in a `ServiceGroup`. On graceful shutdown it accepts nothing more, and ends
/// when the requests in hand are answered.
package struct WebServer: Service {
    private let frame: Frame
    private let application: Application<RouterResponder<WebContext>>

    /// - Parameter onRunning: is told the port as soon as requests are accepted.
    /// - Throws: where two endpoints claim the same method and path, or one path hides another.
    package init(
        settings: HTTPServerSettings,
        parts: WebParts,
        endpoints: [Endpoint],
        logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws {
        let frame = Frame(settings: settings, parts: parts, endpoints: endpoints, logger: logger)
        self.frame = frame
        application = Application(
            router: try WebServer.router(endpoints, frame),
            server: .http1(configuration: WebServer.channelConfiguration(frame)),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                // No `Server` header: it would tell an attacker which version to look up.
                serverName: nil,
                backlog: settings.backlog,
                availableConnectionsDelegate: .maximum(settings.maximumConnections, logger: logger)
            ),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? settings.port) },
            logger: logger
        )
    }

    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await frame.deadlines.run() }
            group.addTask { try await application.run() }
            // The ticking never ends by itself: the first to end is the server.
            try await group.next()
            group.cancelAll()
        }
    }

    private static func router(_ endpoints: [Endpoint], _ frame: Frame) throws -> Router<WebContext> {
        let router = Router(context: WebContext.self)
        var taken: Set<String> = []
        for endpoint in endpoints {
            guard taken.insert("\(endpoint.method.rawValue) \(endpoint.path)").inserted else {
                throw DuplicateEndpoint(method: endpoint.method.rawValue, path: endpoint.path)
            }
            let route = Route(endpoint, rateLimitScale: frame.settings.rateLimitScale)
            let responder = CallbackResponder<WebContext> { request, context in
                await frame.respond(to: request, context, route: route)
            }
            router.on(RouterPath(endpoint.path), method: endpoint.method, responder: responder)
            if endpoint.method == .get { router.on(RouterPath(endpoint.path), method: .head, responder: responder) }
        }
        try router.validate()
        // Added last, it wraps no route: only what no route answers.
        router.add(middleware: Unrouted(frame: frame))
        return router
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

package struct DuplicateEndpoint: Error, Sendable, Hashable {
    package let method: String
    package let path: String
}

/// The framework knows one answer to all that it does not route; we have more.
private struct Unrouted: RouterMiddleware {
    let frame: Frame

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        await frame.respond(to: request, context, route: nil)
    }
}
