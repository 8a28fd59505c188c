package import Core

/// Where the server may be sent by others: a stranger who names an address must not make it speak to machines that only
/// the server can reach (OWASP API Security Top 10, 2023, API7).
package struct OutboundPolicy: Sendable, Hashable {
    /// Whether the operator's own networks may be spoken to, without TLS and on any port, too.
    package let allowsPrivateNetworks: Bool

    package init(allowsPrivateNetworks: Bool = false) {
        self.allowsPrivateNetworks = allowsPrivateNetworks
    }

    /// The ports of HTTPS.
    static let ports: Set<Int> = [443, 8443]

    package func allows(_ address: IPAddress) -> Bool {
        address.isPublic || (allowsPrivateNetworks && address.isPrivate)
    }
}

/// A URL that the server may be sent to, as far as the text tells.
package struct OutboundURL: Sendable, Hashable {
    package static let lengthMaximum = 2048
    private static let hostLengthMaximum = 253
    private static let labelLengthMaximum = 63

    /// As it was given.
    package let text: String
    let isSecure: Bool
    /// A name in lower case, or an address without brackets.
    let host: String
    let port: Int

    /// The address that stands in the place of a name.
    var address: IPAddress? { IPAddress(host) }

    /// - Throws: `TextFault` saying what is wrong with it, or why the policy does not allow it.
    package init(parsing text: String, _ policy: OutboundPolicy) throws(TextFault) {
        guard text.utf8.count <= OutboundURL.lengthMaximum, text.utf8.allSatisfy(OutboundURL.isAllowed) else {
            throw .format
        }
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .format }
        let scheme = parts[0].lowercased()
        guard scheme == "https" || (scheme == "http" && policy.allowsPrivateNetworks) else { throw .scheme }
        let authority = parts[1].prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { throw .userInfo }
        let (host, port) = try OutboundURL.taken(apart: authority)
        self.text = text
        isSecure = scheme == "https"
        self.host = try OutboundURL.checked(host, policy)
        self.port = try port.map { text throws(TextFault) in try OutboundURL.port(text) } ?? (isSecure ? 443 : 80)
        guard policy.allowsPrivateNetworks || OutboundPolicy.ports.contains(self.port) else { throw .port }
    }

    /// Visible ASCII that a URL may have (RFC 3986), without a fragment and without a backslash, which some take for a
    /// slash.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !Array("\"#<>\\^`{|}".utf8).contains(byte)
    }

    private static func taken(apart authority: Substring) throws(TextFault) -> (host: Substring, port: Substring?) {
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw .host }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { throw .host }
            return (authority[...end], rest.isEmpty ? nil : rest.dropFirst())
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { throw .host }
        return (parts[0], parts.count == 2 ? parts[1] : nil)
    }

    private static func port(_ text: Substring) throws(TextFault) -> Int {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text.utf8.count <= 5, text.first != "0",
            let port = Int(text), (1...65_535).contains(port)
        else { throw .port }
        return port
    }

    private static func checked(_ text: Substring, _ policy: OutboundPolicy) throws(TextFault) -> String {
        if text.first == "[" {
            let inner = String(text.dropFirst().dropLast())
            guard case .version6? = IPAddress(inner) else { throw .host }
            return try checked(inner, policy)
        }
        let host = text.lowercased()
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard host.utf8.count <= hostLengthMaximum, labels.allSatisfy(isLabel), let last = labels.last else {
            throw .host
        }
        // What ends in a number is an address to whoever connects (WHATWG URL, “ends in a number checker”): 2130706433,
        // 0x7f.1 and 0177.0.0.1 are all 127.0.0.1. Only the one usual form passes.
        if isNumber(last) {
            guard case .version4? = IPAddress(host) else { throw .host }
            return try checked(host, policy)
        }
        guard labels.count > 1 || policy.allowsPrivateNetworks else { throw .host }
        return host
    }

    private static func checked(_ address: String, _ policy: OutboundPolicy) throws(TextFault) -> String {
        guard let parsed = IPAddress(address), policy.allows(parsed) else { throw .address }
        return address
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...labelLengthMaximum).contains(label.utf8.count)
            && label.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x5F
            }
    }

    private static func isNumber(_ label: Substring) -> Bool {
        label.utf8.allSatisfy { (0x30...0x39).contains($0) } || label.hasPrefix("0x")
    }
}

extension TextFault {
    fileprivate static let format = TextFault(
        "url_format",
        zh: "须为 \(OutboundURL.lengthMaximum) 个字符以内的网址，例如 https://example.com/hooks，不含 #",
        en: "Must be a URL such as https://example.com/hooks, \(OutboundURL.lengthMaximum) characters at the most"
    )
    fileprivate static let scheme = TextFault("url_scheme", zh: "只能是 https", en: "Must be https")
    fileprivate static let userInfo = TextFault(
        "url_userinfo",
        zh: "不能含用户名或密码",
        en: "Must not have a user name or a password"
    )
    fileprivate static let port = TextFault("url_port", zh: "端口只能是 443 或 8443", en: "The port must be 443 or 8443")
    fileprivate static let host = TextFault(
        "url_host",
        zh: "主机须为完整域名，或通常写法的 IP 地址",
        en: "The host must be a full domain name, or an IP address in its usual form"
    )
    package static let address = TextFault(
        "url_address",
        zh: "该地址不是公网地址，不能作为接收地址",
        en: "The address is none of the public internet, and cannot receive anything"
    )
}
