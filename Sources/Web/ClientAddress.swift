import Core
import HTTPTypes
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Who is at the other end, as far as the network knows.
struct ClientAddress: Sendable {
    /// For the audit trail.
    let text: String
    /// Whom quotas count. One IPv6 subscriber has a whole /64 to send from (RFC 6177), so all of it is one caller.
    let quotaKey: String

    static let unknown = ClientAddress(text: "unknown", quotaKey: "ip:unknown")

    /// - Parameter trustedProxies: whose `X-Forwarded-For` is believed: its last entry, the one that the proxy added.
    init(peer: SocketAddress?, headers: HTTPFields, trustedProxies: Set<String>) {
        guard let peer, let text = peer.ipAddress else {
            self = .unknown
            return
        }
        guard !trustedProxies.isEmpty, trustedProxies.contains(text), let forwarded = headers[.forwardedFor],
            let client = forwarded.split(separator: ",").last.map(trimmed),
            let address = try? SocketAddress(ipAddress: client, port: 0)
        else {
            self.init(text)
            return
        }
        self.init(address.ipAddress ?? client)
    }

    private init(_ text: String) {
        self.text = text
        let subscriberBytes = 8
        var bytes = [UInt8](repeating: 0, count: 16)
        let isIPv6 = inet_pton(AF_INET6, text, &bytes) == 1
        quotaKey = isIPv6 ? "ip:\(bytes.prefix(subscriberBytes).hex)/64" : "ip:\(text)"
    }

    private init(text: String, quotaKey: String) {
        self.text = text
        self.quotaKey = quotaKey
    }
}
