import Core
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Turns an error into a problem (RFC 9457), and has the refusal noted before the caller hears of it.
extension Frame {
    func refuse(_ error: any Error, _ exchange: inout Exchange) async -> Reply {
        if let shown = error as? ShownRefusal {
            await record(shown.failure.type, exchange)
            return shown.reply
        }
        let problem = problem(for: error)
        if problem.failure.type == .requestTimeout { exchange.mustClose = true }
        await record(problem.failure.type, exchange)
        return reply(to: problem, exchange)
    }

    private func reply(to problem: WebProblem, _ exchange: Exchange) -> Reply {
        let document = Problem(problem, requestID: exchange.requestID, language: exchange.language).reply
        guard case .cookie(let refusal)? = exchange.route?.endpoint.credential else { return document }
        return refusal(RefusedRequest(problem.failure, exchange)).withMissing(document.headers)
    }

    private func problem(for error: any Error) -> WebProblem {
        switch error {
        case let problem as WebProblem:
            return problem
        case let failure as Failure:
            return WebProblem(failure)
        case is CancellationError:
            // The server is going down, and could not wait for this one.
            return WebProblem(Failure(.notReady))
        default:
            logger.error("request failed", error: error)
            return WebProblem(Failure(.internalError))
        }
    }

    private func record(_ type: ProblemType, _ exchange: Exchange) async {
        let status = type.status.code
        let isAlwaysNoted = status == 401 || status == 403 || status == 429
        guard isAlwaysNoted || (!exchange.isRead && (400..<500).contains(status)) else { return }
        let refusal = Refusal(
            requestID: exchange.requestID,
            method: exchange.method.rawValue,
            route: exchange.routeName,
            status: status,
            code: type.code,
            principal: exchange.principal,
            remoteAddress: exchange.facts.address.text
        )
        let recorder = parts.refusals
        let isNoted = await deadlines.run(within: settings.refusalTimeout) { await recorder.record(refusal) }
        // The trail is late, and the caller is still refused.
        if !isNoted { logger.error("refusal was not noted in time", metadata: ["code": .string(type.code)]) }
    }

    /// Past its deadline a request is answered over the head of its endpoint.
    func answerLate(_ exchange: Exchange) {
        var exchange = exchange
        exchange.mustClose = true
        let problem = WebProblem(Failure(.deadlineExceeded, retryAfterSeconds: 1))
        var reply = reply(to: problem, exchange)
        let body = exchange.method == .head ? [] : reply.body.bytes
        let head = finish(&reply, &exchange).head
        exchange.facts.channel.triggerUserOutboundEvent(
            AnswerNow(head: head, body: ByteBuffer(bytes: body)),
            promise: nil
        )
        RequestID.$current.withValue(exchange.requestID) { note(status: head.status.code, exchange) }
    }

    /// The answer to bytes that are no HTTP: there is no request whose language or quota could be asked for.
    @Sendable
    func answerUnreadable(_ error: any Error) -> AnswerNow {
        let type: ProblemType = (error as? HTTPParserError) == .headerOverflow ? .headersTooLarge : .malformedRequest
        let requestID = RequestID.next()
        metrics.record(route: "unreadable", method: .get, status: type.status.code, duration: .zero)
        let reply = Problem(WebProblem(Failure(type)), requestID: requestID, language: .chinese).reply
        let bytes = reply.body.bytes
        var headers = HTTPFields(all: Frame.defences + [Frame.noStore] + reply.headers)
        headers[.vary] = "Accept-Language"
        headers[.contentLanguage] = Language.chinese.rawValue
        headers[.requestID] = requestID
        headers[.date] = dates.text(at: parts.clock.now())
        headers[.connection] = "close"
        headers[.contentLength] = String(bytes.count)
        logger.info("unreadable request", metadata: ["request_id": .string(requestID), "code": .string(type.code)])
        return AnswerNow(head: HTTPResponse(status: type.status, headerFields: headers), body: ByteBuffer(bytes: bytes))
    }
}
