import Core
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// What only the connection can see: how slowly a body arrives or an answer is taken, what is no HTTP at all, and when
/// to close so that the last answer still reaches its reader.
///
/// Everything runs on the connection's event loop.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    struct Rules: Sendable {
        var pace: BodyPace
        var writeStallTimeout: Duration
        var lingerTimeout: Duration
        /// The answer to what the parser refused.
        var unreadable: @Sendable (any Error) -> AnswerNow
    }

    /// What is read of a body after its request has been answered, before the connection is closed instead.
    private static let maximumUnwantedBytes = 1 << 20

    private let rules: Rules
    private var patience: Patience?
    private var paceCheck: Scheduled<Void>?
    private var stallCheck: Scheduled<Void>?
    private var requestsToAnswer = 0
    private var unwantedBytes = 0
    /// The client sends nothing more: what it has asked for so far is answered (RFC 9112, section 9.6).
    private var isLastRequestIn = false
    private var closesAfterAnswer = false
    private var isClosing = false

    init(rules: Rules) {
        self.rules = rules
    }

    // MARK: From the client

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            requestsToAnswer += 1
            unwantedBytes = 0
            patience = Patience(pace: rules.pace)
            if head.headerFields.saysClose { isLastRequestIn = true }
        case .body(let bytes):
            patience?.received(bytes.readableBytes, at: .now())
            if requestsToAnswer == 0 { unwantedBytes += bytes.readableBytes }
        case .end:
            endBody()
        }
        guard unwantedBytes <= ConnectionGuard.maximumUnwantedBytes else { return context.close(promise: nil) }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isClosing { context.read() }
        context.fireChannelReadComplete()
    }

    /// Reading again means that we have nothing left to do but wait for the client. No read, no waiting: then it is we
    /// who are slow.
    func read(context: ChannelHandlerContext) {
        if patience != nil {
            patience?.startWaiting(at: .now())
            checkPace(context)
        }
        context.read()
    }

    private func checkPace(_ context: ChannelHandlerContext) {
        guard paceCheck == nil, let deadline = patience?.deadline else { return }
        paceCheck = context.eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(deadline: deadline) {
            self.paceCheck = nil
            guard let deadline = self.patience?.deadline else { return }
            guard deadline <= .now() else { return self.checkPace(context) }
            self.endBody()
            context.fireErrorCaught(SlowBody())
        }
    }

    private func endBody() {
        patience = nil
        paceCheck?.cancel()
        paceCheck = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let isAboutTheConnection = error is IOError || error is ChannelError
        guard requestsToAnswer == 0, !isClosing, !isAboutTheConnection else {
            return context.fireErrorCaught(error)
        }
        answerAndClose(context, rules.unreadable(error), nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isClosing, case ChannelEvent.inputClosed = event { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        endBody()
        stallCheck?.cancel()
        context.fireChannelInactive()
    }

    // MARK: To the client

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isClosing else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head):
            // The framework's own answer to what it could not read, without a body that says so.
            guard requestsToAnswer > 0 else {
                return answerAndClose(context, rules.unreadable(HTTPParserError.unknown), promise)
            }
            if head.headerFields.saysClose { closesAfterAnswer = true }
            context.write(data, promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            requestsToAnswer -= 1
            guard closesAfterAnswer || (isLastRequestIn && requestsToAnswer == 0) else {
                return context.write(data, promise: promise)
            }
            context.writeAndFlush(data, promise: promise)
            closeGently(context)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        switch event {
        case is SendContinue:
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: promise)
        case let answer as AnswerNow:
            answerAndClose(context, answer, promise)
        default:
            context.triggerUserOutboundEvent(event, promise: promise)
        }
    }

    private func answerAndClose(
        _ context: ChannelHandlerContext,
        _ answer: AnswerNow,
        _ promise: EventLoopPromise<Void>?
    ) {
        guard !isClosing else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
        context.write(wrapOutboundOut(.body(answer.body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
        closeGently(context)
    }

    /// Ends our side, and leaves the client time to read before the connection goes.
    private func closeGently(_ context: ChannelHandlerContext) {
        isClosing = true
        endBody()
        context.close(mode: .output, promise: nil)
        context.read()
        context.eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: TimeAmount(rules.lingerTimeout)) {
            context.close(promise: nil)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stallCheck?.cancel()
        stallCheck = nil
        if !context.channel.isWritable {
            stallCheck = context.eventLoop.assumeIsolatedUnsafeUnchecked()
                .scheduleTask(in: TimeAmount(rules.writeStallTimeout)) { context.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }
}

extension HTTPFields {
    fileprivate var saysClose: Bool {
        contains { $0.name == .connection && $0.value.lowercased() == "close" }
    }
}

/// How much longer we wait for a body: time runs while we wait, and every byte earns some back.
struct Patience {
    private let pace: BodyPace
    private var left: TimeAmount
    private var waitingSince: NIODeadline?

    init(pace: BodyPace) {
        self.pace = pace
        left = TimeAmount(pace.grace)
    }

    /// When waiting ends; `nil` while we are not waiting.
    var deadline: NIODeadline? {
        waitingSince.map { $0 + left }
    }

    mutating func startWaiting(at now: NIODeadline) {
        if waitingSince == nil { waitingSince = now }
    }

    mutating func received(_ byteCount: Int, at now: NIODeadline) {
        let waited = waitingSince.map { now - $0 } ?? .zero
        let earned = TimeAmount.nanoseconds(Int64(byteCount) * 1_000_000_000 / Int64(pace.minimumBytesPerSecond))
        left = min(TimeAmount(pace.grace), left - waited + earned)
        waitingSince = nil
    }
}

/// Asks the connection for `100 Continue`: the body is wanted.
struct SendContinue: Sendable {}

/// A whole answer; sent as an event, it asks the connection for this and nothing more.
struct AnswerNow: Sendable {
    let head: HTTPResponse
    let body: ByteBuffer
}
