import Core
import HTTPTypes
import HummingbirdCore
import NIOCore

/// What a request said in its head, and when: the same from its first step to its last.
final class RequestFacts: Sendable {
    let head: HTTPRequest
    let body: RequestBody
    let headers: KnownHeaders
    let channel: any Channel
    let startedAt = ContinuousClock.now
    let requestID: String
    let language: Language
    let address: ClientAddress
    /// Without the query.
    let path: String
    let queryText: Substring?
    /// `nil` where no endpoint has this path.
    let match: RouteTable.Match?

    init(
        _ head: HTTPRequest,
        body: RequestBody,
        channel: any Channel,
        routes: RouteTable,
        trustedProxies: Set<String>
    ) {
        let headers = KnownHeaders(head.headerFields)
        let target = head.path ?? ""
        let queryMark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        self.head = head
        self.body = body
        self.headers = headers
        self.channel = channel
        path = queryMark.map { String(target[..<$0]) } ?? target
        queryText = queryMark.map { target[target.utf8.index(after: $0)...] }
        match = routes.match(head.method, path: path)
        requestID = RequestID.accepted(headers.requestID) ?? RequestID.next()
        language = Language(acceptLanguage: headers.acceptLanguage)
        address = ClientAddress(
            peer: channel.remoteAddress,
            forwardedFor: trustedProxies.isEmpty ? nil : headers.forwardedFor,
            trustedProxies: trustedProxies
        )
    }
}

/// What the frame knows about one request, gathered on the way.
struct Exchange: Sendable {
    let facts: RequestFacts
    var principal: Principal?
    /// Why the session that a browser showed is none: whoever needs one is told.
    var sessionRefusal: Failure?
    /// The latest word of the quota that this request was counted against.
    var grant: RateLimiter.Grant?
    /// `nil` until the endpoint is at work.
    var deadline: Deadline?
    /// The body has been read to its end.
    var hasReadBody = false
    /// The connection cannot serve another request.
    var mustClose = false

    init(_ facts: RequestFacts) {
        self.facts = facts
    }

    var headers: KnownHeaders { facts.headers }
    var requestID: String { facts.requestID }
    var language: Language { facts.language }
    var path: String { facts.path }
    /// `nil` where no endpoint answers.
    var route: Route? { facts.match?.route }
    var method: HTTPRequest.Method { facts.head.method }

    /// Whom quotas count.
    var caller: String { principal?.organization ?? facts.address.quotaKey }

    /// The template, or what stands for all paths that have none: filled-in paths stay out of trails, logs and metrics.
    var routeName: String { route?.endpoint.path ?? "unmatched" }

    var isRead: Bool { method == .get || method == .head }

    var declaredBodyBytes: Int? { headers.contentLength.flatMap { Int($0) } }

    var hasBody: Bool { headers.transferEncoding != nil || (declaredBodyBytes ?? 0) > 0 }

    /// After an offer to change the protocol, taken up or not, the parser reads no further request.
    var offersUpgrade: Bool { headers.upgrade != nil || method == .connect }

    /// Whether what is left of the body is not worth reading: longer than a small form, of unknown length, or perhaps
    /// never sent. Then the connection goes.
    var leavesBodyUnread: Bool {
        let smallBody = 64 << 10
        guard !hasReadBody, hasBody else { return false }
        return headers.expect != nil || (declaredBodyBytes ?? .max) > smallBody
    }
}
