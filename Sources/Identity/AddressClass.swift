#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The network that an address belongs to: IPv4 by its first 24 bits, IPv6 by its first 48.
///
/// The trail keeps this and not the address: it is enough to see where a flood came from, one subscriber cannot look
/// like thousands by counting through his own prefix, and no person is named.
func addressClass(of address: String) -> String {
    var version4 = in_addr()
    if inet_pton(AF_INET, address, &version4) == 1 {
        let bytes = withUnsafeBytes(of: version4) { Array($0) }
        return "\(bytes[0]).\(bytes[1]).\(bytes[2]).0/24"
    }
    var version6 = in6_addr()
    guard inet_pton(AF_INET6, address, &version6) == 1 else { return "unknown" }
    let bytes = withUnsafeBytes(of: version6) { Array($0) }
    // A socket that serves both families shows an IPv4 caller as ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2).
    if bytes.starts(with: Array(repeating: 0, count: 10) + [0xFF, 0xFF]) {
        return "\(bytes[12]).\(bytes[13]).\(bytes[14]).0/24"
    }
    let groups = stride(from: 0, to: 6, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }
    return groups.joined(separator: ":") + "::/48"
}
