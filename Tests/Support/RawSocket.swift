import NIOCore
import NIOPosix
import Synchronization

/// A connection on which a test sends whatever bytes it likes, HTTP or not, and sees all that comes back.
package final class RawSocket: Sendable {
    private let channel: any Channel
    private let received: ReceivedBytes

    /// - Parameter reads: whether it takes off the connection what arrives.
    package static func connect(port: Int, reads: Bool = true) async throws -> RawSocket {
        let received = ReceivedBytes()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(received) }
            }
            .connect(host: "127.0.0.1", port: port)
            .get()
        return RawSocket(channel: channel, received: received)
    }

    private init(channel: any Channel, received: ReceivedBytes) {
        self.channel = channel
        self.received = received
    }

    deinit {
        channel.close(promise: nil)
    }

    package var isOpen: Bool { channel.isActive }

    /// What the other side does not want to hear any more is dropped.
    package func send(_ text: String) async {
        try? await channel.writeAndFlush(ByteBuffer(string: text)).get()
    }

    /// All that has come back when the other side closes, or when `limit` is over.
    package func readToEnd(within limit: Duration = .seconds(10)) async throws -> String {
        try await read(within: limit) { _ in false }
    }

    /// All that has come back when it is enough, when the other side closes, or when `limit` is over.
    package func read(
        within limit: Duration = .seconds(10),
        until isEnough: @escaping @Sendable (String) -> Bool
    ) async throws -> String {
        let promise = channel.eventLoop.makePromise(of: String.self)
        let timeout = channel.eventLoop.scheduleTask(in: TimeAmount(limit)) { self.received.giveUp() }
        defer { timeout.cancel() }
        received.wait(until: isEnough, promise)
        return try await promise.futureResult.get()
    }

    package func close() async {
        try? await channel.close().get()
    }
}

/// Gathers what arrives, and tells the one who waits when it is enough.
private final class ReceivedBytes: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private struct Waiter {
        let isEnough: @Sendable (String) -> Bool
        let promise: EventLoopPromise<String>
    }

    private struct State {
        var bytes: [UInt8] = []
        var isClosed = false
        var waiter: Waiter?
    }

    private let state = Mutex(State())

    func wait(until isEnough: @escaping @Sendable (String) -> Bool, _ promise: EventLoopPromise<String>) {
        state.withLock { $0.waiter = Waiter(isEnough: isEnough, promise: promise) }
        tell(isOver: false)
    }

    func giveUp() {
        tell(isOver: true)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        state.withLock { $0.bytes.append(contentsOf: bytes.readableBytesView) }
        tell(isOver: false)
    }

    func channelInactive(context: ChannelHandlerContext) {
        state.withLock { $0.isClosed = true }
        tell(isOver: true)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func tell(isOver: Bool) {
        let told: (EventLoopPromise<String>, String)? = state.withLock { state in
            guard let waiter = state.waiter else { return nil }
            let text = String(decoding: state.bytes, as: UTF8.self)
            guard isOver || state.isClosed || waiter.isEnough(text) else { return nil }
            state.waiter = nil
            return (waiter.promise, text)
        }
        if let (promise, text) = told { promise.succeed(text) }
    }
}
