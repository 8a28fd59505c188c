import Core
import HTTPTypes
import Hummingbird
import NIOCore

/// What the frame knows about one request, gathered on the way.
struct Exchange: Sendable {
    let request: Request
    let headers: KnownHeaders
    let channel: any Channel
    let startedAt = ContinuousClock.now
    let requestID: String
    let language: Language
    let address: ClientAddress
    /// Without the query.
    let path: String
    /// `nil` where no endpoint answers.
    let route: Route?
    var principal: Principal?
    /// The latest word of the quota that this request was counted against.
    var grant: RateLimiter.Grant?
    /// `nil` until the endpoint is at work.
    var deadline: Deadline?
    /// The body has been read to its end.
    var hasReadBody = false
    /// The connection cannot serve another request.
    var mustClose = false

    init(_ request: Request, channel: any Channel, route: Route?, trustedProxies: Set<String>) {
        let headers = KnownHeaders(request.headers)
        let target = request.head.path ?? ""
        self.request = request
        self.headers = headers
        self.channel = channel
        self.route = route
        path = target.firstIndex(of: "?").map { String(target[..<$0]) } ?? target
        requestID = RequestID.accepted(headers.requestID) ?? RequestID.next()
        language = Language(acceptLanguage: headers.acceptLanguage)
        address = ClientAddress(
            peer: channel.remoteAddress,
            forwardedFor: trustedProxies.isEmpty ? nil : headers.forwardedFor,
            trustedProxies: trustedProxies
        )
    }

    var queryText: Substring? {
        request.head.path.flatMap { target in target.firstIndex(of: "?").map { target[target.index(after: $0)...] } }
    }

    var method: HTTPRequest.Method { request.head.method }

    /// Whom quotas count.
    var caller: String { principal?.organization ?? address.quotaKey }

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
