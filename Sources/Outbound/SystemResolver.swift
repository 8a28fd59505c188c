import Glibc

/// Asks the machine's own resolver.
package enum SystemResolver {
    /// More addresses of a name are not looked at.
    private static let addressesMaximum = 16

    /// Blocks for as long as the resolver takes.
    package static func addresses(of host: String) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var addresses: [IPAddress] = []
        var next = first
        while let info = next, addresses.count < addressesMaximum {
            let address = info.pointee.ai_addr.flatMap { IPAddress($0, family: info.pointee.ai_family) }
            if let address, !addresses.contains(address) { addresses.append(address) }
            next = info.pointee.ai_next
        }
        return addresses
    }
}
