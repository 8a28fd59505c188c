import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Gives answers that are at hand from within the event loop, before a task has to be woken for them.
///
/// Only while no earlier request of the connection is still to be answered: answers come in the order of their
/// requests (RFC 9112, section 9.3.2).
final class ImmediateAnswers: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let answer: (HTTPRequest, any Channel) -> AnswerNow?
    /// Requests that went on to the task of the connection and have no answer yet.
    private var requestsUnderWay = 0
    /// Until the request has been read to its end.
    private var ready: AnswerNow?
    private var hasWritten = false

    init(answer: @escaping (HTTPRequest, any Channel) -> AnswerNow?) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            if requestsUnderWay == 0 { ready = answer(head, context.channel) }
            guard ready == nil else { return }
            requestsUnderWay += 1
        case .body:
            guard ready == nil else { return }
        case .end:
            if let ready {
                self.ready = nil
                return write(ready, context)
            }
        }
        context.fireChannelRead(data)
    }

    private func write(_ answer: AnswerNow, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
        if answer.body.readableBytes > 0 { context.write(wrapOutboundOut(.body(answer.body)), promise: nil) }
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        hasWritten = true
    }

    /// Once for all requests that came in one piece.
    func channelReadComplete(context: ChannelHandlerContext) {
        if hasWritten {
            hasWritten = false
            context.flush()
        }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { requestsUnderWay -= 1 }
        context.write(data, promise: promise)
    }
}
