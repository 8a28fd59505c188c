import Core
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// What the frame knows about one request, gathered on the way.
struct Exchange {
    let request: Request
    let channel: any Channel
    let startedAt = ContinuousClock.now
    let requestID: String
    let language: Language
    let address: ClientAddress
    /// `nil` where no endpoint answers.
    let route: Route?
    var principal: Principal?
    /// The latest word of the quota that this request was counted against.
    var grant: RateLimiter.Grant?
    var caller: String
    /// The body has been read to its end.
    var hasReadBody = false
    /// The connection cannot serve another request.
    var mustClose = false

    init(_ request: Request, channel: any Channel, route: Route?, trustedProxies: Set<String>) {
        self.request = request
        self.channel = channel
        self.route = route
        requestID = RequestID.accepted(request.headers[.requestID]) ?? RequestID.next()
        language = Language(acceptLanguage: request.headers[.acceptLanguage])
        address = ClientAddress(
            peer: channel.remoteAddress,
            headers: request.headers,
            trustedProxies: trustedProxies
        )
        caller = address.quotaKey
    }

    /// The template, or what stands for all paths that have none: filled-in paths stay out of trails, logs and metrics.
    var routeName: String { route?.endpoint.path ?? "unmatched" }

    var isRead: Bool { request.method == .get || request.method == .head }

    var declaredBodyBytes: Int? { request.headers[.contentLength].flatMap { Int($0) } }

    var hasBody: Bool { request.headers.contains(.transferEncoding) || (declaredBodyBytes ?? 0) > 0 }

    var expectsContinue: Bool { request.headers[.expect] != nil }

    /// After an offer to change the protocol, taken up or not, the parser reads no further request.
    var offersUpgrade: Bool { request.method == .connect || request.headers.contains(.upgrade) }

    /// Whether what is left of the body is not worth reading: longer than a small form, of unknown length, or perhaps
    /// never sent. Then the connection goes.
    var leavesBodyUnread: Bool {
        let smallBody = 64 << 10
        guard hasBody, !hasReadBody else { return false }
        return expectsContinue || (declaredBodyBytes ?? .max) > smallBody
    }
}

enum RequestID {
    /// Keeps a caller's own id where it is harmless in logs and headers.
    static func accepted(_ text: String?) -> String? {
        guard let text, (8...64).contains(text.utf8.count), text.utf8.allSatisfy(isAllowed) else { return nil }
        return text
    }

    /// Unique, not secret: a random beginning for each process, then a number.
    static func next() -> String {
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8)
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
        return processPrefix + bytes.hex
    }

    private static let counter = Atomic<UInt64>(0)
    private static let processPrefix = withUnsafeBytes(of: UInt64.random(in: .min ... .max)) { $0.hex }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
