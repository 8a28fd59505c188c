import Core
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// Turns a reply into what goes over the connection, with what every answer carries.
extension Frame {
    func finish(_ reply: inout Reply, _ exchange: inout Exchange) -> Response {
        if isUnchanged(reply, exchange) {
            refund(&exchange)
            reply.status = .notModified
            reply.body = .none
            reply.headers[.contentType] = nil
        }
        if exchange.grant == nil { exchange.grant = limiter.take(strayQuota, caller: exchange.caller) }
        let headers = allHeaders(reply, exchange)
        switch reply.body {
        case .none:
            return Response(status: reply.status, headers: headers)
        case .bytes(let bytes):
            return exchange.method == .head
                ? headResponse(reply.status, headers, byteCount: bytes.count)
                : Response(
                    status: reply.status,
                    headers: headers,
                    body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
                )
        case .stream(let write):
            return Response(status: reply.status, headers: headers, body: body(write, exchange.requestID))
        }
    }

    /// RFC 9110, section 13.1.2.
    private func isUnchanged(_ reply: Reply, _ exchange: Exchange) -> Bool {
        guard reply.status == .ok, exchange.isRead, let tags = exchange.headers.ifNoneMatch,
            let current = reply.headers[.eTag]
        else { return false }
        return tags == current || EntityTags(tags).matchesWeakly(field: current)
    }

    private func headResponse(_ status: HTTPResponse.Status, _ headers: HTTPFields, byteCount: Int) -> Response {
        var headers = headers
        headers.append(HTTPField(name: .contentLength, value: String(byteCount)))
        return Response(status: status, headers: headers)
    }

    // MARK: Headers

    private func allHeaders(_ reply: Reply, _ exchange: Exchange) -> HTTPFields {
        var headers = Frame.headersOfEveryAnswer
        for field in reply.headers {
            // What an endpoint says for itself, such as a page about its scripts, goes before what holds for all.
            if headers.contains(field.name) { headers[field.name] = nil }
        }
        headers.append(contentsOf: reply.headers)
        headers.append(HTTPField(name: .vary, value: "Accept-Language"))
        headers.append(HTTPField(name: .contentLanguage, value: exchange.language.rawValue))
        headers.append(HTTPField(name: .requestID, value: exchange.requestID))
        if let grant = exchange.grant {
            headers.append(HTTPField(name: .rateLimitPolicy, value: grant.quota.policyField))
            headers.append(HTTPField(name: .rateLimit, value: grant.field))
        }
        if exchange.mustClose || exchange.leavesBodyUnread || exchange.offersUpgrade { headers[.connection] = "close" }
        return headers
    }

    /// The browser's defences, for answers that a browser may be tricked into showing, and no storing unless told.
    static let headersOfEveryAnswer: HTTPFields = [
        .cacheControl: "no-store",
        .contentSecurityPolicy:
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
        .crossOriginOpenerPolicy: "same-origin",
        .crossOriginResourcePolicy: "same-origin",
        .referrerPolicy: "no-referrer",
        .strictTransportSecurity: "max-age=31536000; includeSubDomains",
        .xContentTypeOptions: "nosniff",
    ]

    // MARK: Streams

    private func body(
        _ write: @escaping @Sendable (any BodyWriter) async throws -> Void,
        _ requestID: String
    ) -> ResponseBody {
        ResponseBody { [logger] writer in
            let stream = StreamWriter(writer)
            try await RequestID.$current.withValue(requestID) {
                do {
                    try await write(stream)
                } catch {
                    // The status is gone: cutting the connection is the only way to say that this is not the whole
                    // answer.
                    logger.warning("streamed answer broke off", metadata: ["error": .string("\(error)")])
                    throw error
                }
            }
            try await writer.finish(nil)
        }
    }
}

extension Reply {
    /// A streamed answer with its length in the body's place: what HEAD has to tell about it.
    func measured() async throws -> Reply {
        guard case .stream(let write) = body else { return self }
        let writer = MeasuringWriter()
        try await write(writer)
        var reply = with(.contentLength, String(writer.byteCount))
        reply.body = .none
        return reply
    }
}

private final class MeasuringWriter: BodyWriter {
    private let count = Atomic<Int>(0)

    var byteCount: Int { count.load(ordering: .relaxed) }

    func write(_ bytes: [UInt8]) async throws {
        try Task.checkCancellation()
        count.add(bytes.count, ordering: .relaxed)
    }
}

/// The framework's writer knows no tasks other than its own, and streams write from one only.
private struct StreamWriter: BodyWriter, @unchecked Sendable {
    private let writer: any ResponseBodyWriter

    init(_ writer: any ResponseBodyWriter) {
        self.writer = writer
    }

    func write(_ bytes: [UInt8]) async throws {
        var writer = writer
        try await writer.write(ByteBuffer(bytes: bytes))
    }
}
