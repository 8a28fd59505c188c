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

/// Who is at the other end, as far as the network knows. Written out only when somebody asks: most requests are counted
/// and logged by organisation.
package struct ClientAddress: Sendable {
    package static let unknown = ClientAddress(peer: nil)

    private let peer: SocketAddress?
    private let forwardedFor: String?
    private let trustedProxies: Set<String>

    /// - Parameter trustedProxies: whose `X-Forwarded-For` is believed: its last entry, the one that the proxy added.
    init(peer: SocketAddress?, forwardedFor: String? = nil, trustedProxies: Set<String> = []) {
        self.peer = peer
        self.forwardedFor = forwardedFor
        self.trustedProxies = trustedProxies
    }

    /// For the audit trail.
    var text: String {
        guard let text = peer?.ipAddress else { return "unknown" }
        guard let forwardedFor, trustedProxies.contains(text),
            let client = forwardedFor.split(separator: ",").last.map(trimmed),
            let address = try? SocketAddress(ipAddress: client, port: 0)
        else { return text }
        return address.ipAddress ?? client
    }

    /// Whom quotas count. One IPv6 subscriber has a whole /64 to send from (RFC 6177), so all of it is one caller.
    var quotaKey: String {
        let subscriberBytes = 8
        let text = text
        var bytes = [UInt8](repeating: 0, count: 16)
        let isIPv6 = inet_pton(AF_INET6, text, &bytes) == 1
        return isIPv6 ? "ip:\(bytes.prefix(subscriberBytes).hex)/64" : "ip:\(text)"
    }
}
