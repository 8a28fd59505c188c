extension Settings {
    /// `false` where nothing is said.
    static func flag(_ name: String, _ text: String?, _ faults: inout [String]) -> Bool? {
        switch text {
        case nil, "false": return false
        case "true": return true
        case let other?:
            faults.append("\(name) must be true or false, not \"\(other)\".")
            return nil
        }
    }

    /// A scheme and a host, perhaps a port: the secret of a link stands behind it, so nothing else may.
    static func publicURL(_ text: String?, port: Int?, _ faults: inout [String]) -> String? {
        guard let text else { return "http://localhost:\(port ?? defaultHTTPPort)" }
        let schemes = ["https://", "http://"]
        guard let scheme = schemes.first(where: text.hasPrefix), isAuthority(text.dropFirst(scheme.count)) else {
            faults.append(
                "CHEXIN_PUBLIC_URL must be https://HOST or http://HOST, perhaps with a port, not \"\(text)\"."
            )
            return nil
        }
        return text
    }

    private static func isAuthority(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 255
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-._~[]:".utf8.contains(byte)
                }
            }
    }
}
