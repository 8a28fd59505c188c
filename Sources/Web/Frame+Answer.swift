import Core
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// Turns a reply into what goes over the connection, with what every answer carries.
extension Frame {
    func finish(_ reply: inout Reply, _ exchange: inout Exchange) -> Response {
        let head = head(of: &reply, &exchange)
        switch reply.body {
        case .none:
            return Response(status: head.status, headers: head.headerFields)
        case .bytes where exchange.method == .head:
            return Response(status: head.status, headers: head.headerFields)
        case .bytes(let bytes):
            let body = ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
            return Response(status: head.status, headers: head.headerFields, body: body)
        case .stream(let write):
            let body = body(write, exchange.requestID)
            return Response(status: head.status, headers: head.headerFields, body: body)
        }
    }

    /// `reply` loses its body where the caller has it already.
    func head(of reply: inout Reply, _ exchange: inout Exchange) -> HTTPResponse {
        if isUnchanged(reply, exchange) {
            refund(&exchange)
            reply.status = .notModified
            reply.body = .none
            reply.headers[.contentType] = nil
        }
        if exchange.grant == nil { exchange.grant = limiter.take(strayQuota, caller: exchange.caller) }
        return HTTPResponse(status: reply.status, headerFields: allHeaders(reply, exchange))
    }

    /// RFC 9110, section 13.1.2.
    private func isUnchanged(_ reply: Reply, _ exchange: Exchange) -> Bool {
        guard reply.status == .ok, exchange.isRead, let tags = exchange.headers.ifNoneMatch,
            let current = reply.headers.first(where: { $0.name == .eTag })?.value
        else { return false }
        return tags == current || EntityTags(tags).matchesWeakly(field: current)
    }

    // MARK: Headers

    /// A list first, and header fields in one step: `HTTPFields` takes single ones by a long way round.
    private func allHeaders(_ reply: Reply, _ exchange: Exchange) -> HTTPFields {
        var fields: [HTTPField] = []
        fields.reserveCapacity(Frame.defences.count + reply.headers.count + 10)
        // What an endpoint says for itself, such as a page about its scripts, goes before what holds for all.
        for field in Frame.defences where !reply.headers.contains(field.name) { fields.append(field) }
        fields += reply.headers
        if !reply.headers.contains(.cacheControl) { fields.append(Frame.noStore) }
        fields.append(Frame.varyByLanguage)
        fields.append(exchange.language == .chinese ? Frame.inChinese : Frame.inEnglish)
        fields.append(HTTPField(name: .requestID, value: exchange.requestID))
        fields.append(HTTPField(name: .date, value: dates.text(at: parts.clock.now())))
        if let grant = exchange.grant {
            fields.append(grant.quota.policyHeader)
            fields.append(HTTPField(name: .rateLimit, value: grant.field))
        }
        if case .bytes(let bytes) = reply.body {
            fields.append(HTTPField(name: .contentLength, value: String(bytes.count)))
        }
        if exchange.mustClose || exchange.leavesBodyUnread || exchange.offersUpgrade {
            fields.removeAll { $0.name == .connection }
            fields.append(HTTPField(name: .connection, value: "close"))
        }
        return HTTPFields(all: fields)
    }

    private static let varyByLanguage = HTTPField(name: .vary, value: "Accept-Language")
    private static let inChinese = HTTPField(name: .contentLanguage, value: Language.chinese.rawValue)
    private static let inEnglish = HTTPField(name: .contentLanguage, value: Language.english.rawValue)

    /// No storing unless told.
    static let noStore = HTTPField(name: .cacheControl, value: "no-store")

    /// The browser's defences, for answers that a browser may be tricked into showing.
    static let defences = [
        HTTPField(
            name: .contentSecurityPolicy,
            value:
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
        ),
        HTTPField(name: .crossOriginOpenerPolicy, value: "same-origin"),
        HTTPField(name: .crossOriginResourcePolicy, value: "same-origin"),
        HTTPField(name: .referrerPolicy, value: "no-referrer"),
        HTTPField(name: .strictTransportSecurity, value: "max-age=31536000; includeSubDomains"),
        HTTPField(name: .xContentTypeOptions, value: "nosniff"),
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

extension HTTPFields {
    init(all fields: [HTTPField]) {
        self.init()
        reserveCapacity(fields.count)
        replaceSubrange(0..<0, with: fields)
    }
}

extension Reply {
    /// A streamed answer with its length in the body's place: what HEAD has to tell about it.
    func measured() async throws -> Reply {
        // A stream of events goes on for as long as somebody listens.
        guard case .stream(let write) = body, headers[.contentType] != EventStreams.mediaType else { return self }
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
