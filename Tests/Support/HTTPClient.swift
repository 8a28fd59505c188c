import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A small HTTP/1.1 client over real sockets: keeps connections alive, serves many callers at once, and sends whatever
/// headers it is told to.
package final class HTTPClient: Sendable {
    package typealias Headers = [(String, String)]

    private struct Idle {
        let connection: ClientConnection
        let since: ContinuousClock.Instant
    }

    /// Less than what a server waits for: one that has been idle for longer may be closed while it is taken.
    private static let idleReuseLimit: Duration = .seconds(5)

    package let port: Int
    private let idle = Mutex<[Idle]>([])

    package init(port: Int) {
        self.port = port
    }

    deinit {
        for idle in idle.withLock({ $0 }) { idle.connection.close() }
    }

    package func send(
        _ method: String,
        _ path: String,
        headers: Headers = [],
        body: [UInt8]? = nil
    ) async throws -> HTTPAnswer {
        var head = head(method, path, headers)
        let isFramed = head.headers.contains(name: "Content-Length") || head.headers.contains(name: "Transfer-Encoding")
        if !isFramed, body != nil || !["GET", "HEAD", "TRACE"].contains(method) {
            head.headers.add(name: "Content-Length", value: String(body?.count ?? 0))
        }
        let request = head
        return try await onConnection { try await $0.exchange(request, body: body) }
    }

    /// Sends `chunks` as they come, in chunked coding. An answer that comes before the last of them ends the sending.
    package func upload<Chunks: AsyncSequence & Sendable>(
        _ method: String,
        _ path: String,
        headers: Headers = [],
        chunks: Chunks
    ) async throws -> HTTPAnswer where Chunks.Element == [UInt8] {
        var head = head(method, path, headers)
        head.headers.add(name: "Transfer-Encoding", value: "chunked")
        let request = head
        return try await onConnection { connection in
            try await connection.exchange(request) { connection in
                for try await chunk in chunks {
                    guard !connection.isAnswered else { return }
                    try await connection.write(chunk)
                }
            }
        }
    }

    private func head(_ method: String, _ path: String, _ headers: Headers) -> HTTPRequestHead {
        var fields = HTTPHeaders(headers)
        if !fields.contains(name: "Host") { fields.add(name: "Host", value: "127.0.0.1:\(port)") }
        return HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: path, headers: fields)
    }

    private func onConnection(
        _ body: (ClientConnection) async throws -> HTTPAnswer
    ) async throws -> HTTPAnswer {
        let connection: ClientConnection
        if let kept = takeIdle() {
            connection = kept
        } else {
            connection = try await ClientConnection.open(port: port)
        }
        do {
            let answer = try await body(connection)
            if answer.header("Connection") != "close", connection.isActive {
                idle.withLock { $0.append(Idle(connection: connection, since: .now)) }
            } else {
                connection.close()
            }
            return answer
        } catch {
            connection.close()
            throw error
        }
    }

    private func takeIdle() -> ClientConnection? {
        idle.withLock { idle in
            while let last = idle.popLast() {
                if last.connection.isActive, .now - last.since < HTTPClient.idleReuseLimit { return last.connection }
                last.connection.close()
            }
            return nil
        }
    }
}

package struct HTTPAnswer: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    /// The value of the first header of this name.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    package func values(_ name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    package var text: String { String(decoding: body, as: UTF8.self) }
}

/// The answer did not come in time, or the connection went before it was whole.
package enum ClientError: Error {
    case noAnswer
    case timeout
}

/// One connection with one exchange at a time.
final class ClientConnection: Sendable {
    private static let timeout: TimeAmount = .seconds(30)

    private let channel: any Channel
    private let collector: AnswerCollector

    static func open(port: Int) async throws -> ClientConnection {
        let collector = AnswerCollector()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(collector)
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .get()
        return ClientConnection(channel: channel, collector: collector)
    }

    private init(channel: any Channel, collector: AnswerCollector) {
        self.channel = channel
        self.collector = collector
    }

    var isActive: Bool { channel.isActive }

    var isAnswered: Bool { collector.isAnswered }

    func close() {
        channel.close(promise: nil)
    }

    /// Everything goes out at once: a test that has to wait for its turn on a busy machine after the head of its
    /// request would be taken for a slow sender.
    func exchange(_ head: HTTPRequestHead, body: [UInt8]?) async throws -> HTTPAnswer {
        try await answer(to: head) {
            channel.write(HTTPClientRequestPart.head(head), promise: nil)
            if let body { channel.write(part(body), promise: nil) }
            try await channel.writeAndFlush(HTTPClientRequestPart.end(nil)).get()
        }
    }

    func exchange(
        _ head: HTTPRequestHead,
        sendBody: (ClientConnection) async throws -> Void
    ) async throws -> HTTPAnswer {
        try await answer(to: head) {
            try await channel.writeAndFlush(HTTPClientRequestPart.head(head)).get()
            try await sendBody(self)
            try await channel.writeAndFlush(HTTPClientRequestPart.end(nil)).get()
        }
    }

    private func answer(
        to head: HTTPRequestHead,
        send: () async throws -> Void
    ) async throws -> HTTPAnswer {
        let promise = channel.eventLoop.makePromise(of: HTTPAnswer.self)
        collector.expectAnswer(to: head.method, promise)
        let timeout = channel.eventLoop.scheduleTask(in: ClientConnection.timeout) {
            self.collector.fail(ClientError.timeout)
        }
        defer { timeout.cancel() }
        do {
            try await send()
        } catch  where collector.isAnswered {
            // The server had heard enough.
        } catch {
            collector.fail(error)
        }
        return try await promise.futureResult.get()
    }

    func write(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(part(bytes)).get()
    }

    private func part(_ bytes: [UInt8]) -> HTTPClientRequestPart {
        .body(.byteBuffer(ByteBuffer(bytes: bytes)))
    }
}

/// Puts the parts of an answer together.
final class AnswerCollector: ChannelInboundHandler, Sendable {
    typealias InboundIn = HTTPClientResponsePart

    private struct State {
        var promise: EventLoopPromise<HTTPAnswer>?
        var head: HTTPResponseHead?
        var body: [UInt8] = []
    }

    private let state = Mutex(State())

    var isAnswered: Bool { state.withLock { $0.promise == nil } }

    func expectAnswer(to method: HTTPMethod, _ promise: EventLoopPromise<HTTPAnswer>) {
        state.withLock { $0 = State(promise: promise) }
    }

    func fail(_ error: any Error) {
        finish { $0.fail(error) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            state.withLock { $0.head = head }
        case .body(let bytes):
            state.withLock { $0.body.append(contentsOf: bytes.readableBytesView) }
        case .end:
            let (head, body) = state.withLock { ($0.head, $0.body) }
            finish { promise in
                guard let head else { return promise.fail(ClientError.noAnswer) }
                let headers = head.headers.map { (name: $0.name, value: $0.value) }
                promise.succeed(HTTPAnswer(status: Int(head.status.code), headers: headers, body: body))
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(ClientError.noAnswer)
        context.fireChannelInactive()
    }

    private func finish(_ body: (EventLoopPromise<HTTPAnswer>) -> Void) {
        let promise = state.withLock { state in
            defer { state.promise = nil }
            return state.promise
        }
        if let promise { body(promise) }
    }
}
