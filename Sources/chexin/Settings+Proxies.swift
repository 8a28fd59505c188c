#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension Settings {
    /// Addresses apart by commas, each in the one form that the network's own answers have.
    static func proxies(_ text: String?, _ faults: inout [String]) -> Set<String>? {
        guard let text else { return [] }
        var addresses: Set<String> = []
        for part in text.split(separator: ",") {
            let name = part.drop { $0 == " " }
            guard let address = normalizedAddress(String(name.prefix { $0 != " " })) else {
                faults.append("CHEXIN_TRUSTED_PROXIES must be IP addresses apart by commas, not \"\(text)\".")
                return nil
            }
            addresses.insert(address)
        }
        return addresses
    }

    private static func normalizedAddress(_ text: String) -> String? {
        for (family, byteCount) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: byteCount)
            guard inet_pton(family, text, &bytes) == 1 else { continue }
            var written = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
            guard inet_ntop(family, bytes, &written, socklen_t(written.count)) != nil else { return nil }
            return String(decoding: written.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return nil
    }
}
