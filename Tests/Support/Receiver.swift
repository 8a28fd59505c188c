import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A machine that is sent events, and behaves as badly as it is told to.
package final class Receiver: Sendable {
    /// What was received.
    package struct Request: Sendable {
        package let path: String
        package let headers: [(name: String, value: String)]
        package let body: [UInt8]

        package func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    package enum Behaviour: Sendable {
        case answer(Int, body: String = "", headers: [(String, String)] = [])
        /// Nothing ever comes back.
        case silence
        /// A byte of the body now and then, of so many as it takes.
        case drip
        case garbage
        /// 200, and a body of so many bytes.
        case huge(byteCount: Int)
        /// 200, and header after header.
        case endlessHeaders
    }

    package let port: Int
    private let channel: any Channel
    private let state: SharedState

    package final class SharedState: Sendable {
        let requests = Mutex<[Request]>([])
        let behave: @Sendable (_ number: Int, Request) -> Behaviour

        init(_ behave: @escaping @Sendable (Int, Request) -> Behaviour) {
            self.behave = behave
        }

        func take(_ request: Request) -> Behaviour {
            let number = requests.withLock { requests in
                requests.append(request)
                return requests.count
            }
            return behave(number, request)
        }
    }

    /// - Parameter behave: is asked with the number of each request, counted from 1.
    package static func start(
        _ behave: @escaping @Sendable (_ number: Int, Request) -> Behaviour
    ) async throws -> Receiver {
        let state = SharedState(behave)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(ReceivingHandler(state))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        return Receiver(port: channel.localAddress?.port ?? 0, channel: channel, state: state)
    }

    private init(port: Int, channel: any Channel, state: SharedState) {
        self.port = port
        self.channel = channel
        self.state = state
    }

    deinit {
        channel.close(promise: nil)
    }

    package var url: String { "http://127.0.0.1:\(port)/hooks" }

    package var requests: [Request] { state.requests.withLock { $0 } }
}

private final class ReceivingHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let state: Receiver.SharedState
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ state: Receiver.SharedState) {
        self.state = state
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let buffer): body.append(contentsOf: buffer.readableBytesView)
        case .end:
            guard let head else { return }
            let headers = head.headers.map { (name: $0.name, value: $0.value) }
            behave(state.take(Receiver.Request(path: head.uri, headers: headers, body: body)), context)
        }
    }

    private func behave(_ behaviour: Receiver.Behaviour, _ context: ChannelHandlerContext) {
        switch behaviour {
        case .silence: return
        case .answer(let status, let body, let headers):
            answer(status, body, HTTPHeaders(headers), context)
        case .huge(let byteCount):
            answer(200, String(repeating: "x", count: byteCount), [:], context)
        case .garbage:
            raw("\u{1}\u{2} this is not HTTP\r\n\r\n", context)
            context.close(promise: nil)
        case .drip:
            raw("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", context)
            drip("x", context)
        case .endlessHeaders:
            raw("HTTP/1.1 200 OK\r\n", context)
            drip("X-Filling: \(String(repeating: "x", count: 16 << 10))\r\n", context)
        }
    }

    private func answer(_ status: Int, _ body: String, _ headers: HTTPHeaders, _ context: ChannelHandlerContext) {
        var headers = headers
        headers.add(name: "Content-Length", value: "\(body.utf8.count)")
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Past the encoder of HTTP.
    private func raw(_ text: String, _ context: ChannelHandlerContext) {
        context.channel.pipeline.syncOperations.firstContext?.writeAndFlush(
            NIOAny(ByteBuffer(string: text)),
            promise: nil
        )
    }

    private func drip(_ text: String, _ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let me = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(20)) {
            guard bound.value.channel.isActive else { return }
            me.value.raw(text, bound.value)
            me.value.drip(text, bound.value)
        }
    }
}

extension ChannelPipeline.SynchronousOperations {
    /// The handler next to the socket.
    fileprivate var firstContext: ChannelHandlerContext? {
        try? context(handlerType: HTTPResponseEncoder.self)
    }
}
