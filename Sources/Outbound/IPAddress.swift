import Glibc

/// An address of the internet, as a socket is told it.
package enum IPAddress: Sendable, Hashable {
    case version4(UInt32)
    /// 16 bytes.
    case version6([UInt8])

    /// The strict forms alone: four decimal numbers without leading zeros, or groups without a zone.
    package init?(_ text: String) {
        var version4 = in_addr()
        var version6 = in6_addr()
        if inet_pton(AF_INET, text, &version4) == 1 {
            self = .version4(UInt32(bigEndian: version4.s_addr))
        } else if inet_pton(AF_INET6, text, &version6) == 1 {
            self = .version6(withUnsafeBytes(of: version6) { Array($0) })
        } else {
            return nil
        }
    }

    /// - Parameter address: what the family says it is.
    init?(_ address: UnsafeRawPointer, family: Int32) {
        switch family {
        case AF_INET:
            self = .version4(UInt32(bigEndian: address.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
        case AF_INET6:
            let bytes = address.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            self = .version6(withUnsafeBytes(of: bytes) { Array($0) })
        default: return nil
        }
    }

    private static let version4Mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

    /// An IPv4 address that is written as one of IPv6 (RFC 4291, section 2.5.5.2) is the IPv4 address.
    private var plain: IPAddress {
        guard case .version6(let bytes) = self, bytes.starts(with: IPAddress.version4Mapped) else { return self }
        return .version4(bytes.suffix(4).reduce(0) { $0 << 8 | UInt32($1) })
    }

    fileprivate func isIn(_ network: Network) -> Bool {
        switch (self, network.address) {
        case (.version4(let own), .version4(let other)):
            return network.bits == 0 || (own ^ other) >> UInt32(32 - network.bits) == 0
        case (.version6(let own), .version6(let other)):
            let (whole, rest) = (network.bits / 8, network.bits % 8)
            guard own.prefix(whole) == other.prefix(whole) else { return false }
            return rest == 0 || (own[whole] ^ other[whole]) >> UInt8(8 - rest) == 0
        default: return false
        }
    }

    private func isIn(any networks: [Network]) -> Bool { networks.contains { isIn($0) } }

    /// Whether it is a machine's that the whole internet can reach.
    ///
    /// Of IPv6 only what is given out as global unicast: whatever else there is, NAT64 and IPv4 in another form
    /// included, is no place for a receiver.
    package var isPublic: Bool {
        // A receiver of the public internet has no reason to be written in the mapped form.
        if case .version6 = self { return isIn(.globalUnicast) && !isIn(any: Network.special6) }
        return !isIn(any: Network.special4)
    }

    /// Whether it is one that an operator may mean who allows his own networks. What is on the very link, where clouds
    /// answer with a machine's credentials, and what is no single machine, is none.
    package var isPrivate: Bool { plain.isIn(any: Network.own) }
}

extension IPAddress: CustomStringConvertible {
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch self {
        case .version4(let number):
            var address = in_addr(s_addr: number.bigEndian)
            inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
        case .version6(let bytes):
            bytes.withUnsafeBytes { _ = inet_ntop(AF_INET6, $0.baseAddress, &text, socklen_t(text.count)) }
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// All addresses that begin with the same bits.
private struct Network: Sendable {
    let address: IPAddress
    let bits: Int

    /// As `10.0.0.0/8`. One that cannot be read holds every address: it is refused rather than let through.
    init(_ text: String) {
        let parts = text.split(separator: "/")
        let address = parts.first.flatMap { IPAddress(String($0)) }
        self.address = address ?? .version4(0)
        bits = address == nil ? 0 : parts.last.flatMap { Int($0) } ?? 0
    }

    static let globalUnicast = Network("2000::/3")

    /// IANA's registry of special-purpose addresses of IPv4 (RFC 6890), and multicast; recalled, not read.
    static let special4 = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
    ].map { Network($0) }

    /// The same of IPv6, as far as it lies in global unicast: protocol assignments with Teredo, documentation, 6to4;
    /// recalled, not read.
    static let special6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map { Network($0) }

    static let own = [
        "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7",
    ].map { Network($0) }
}
