import Core
import HTTPTypes

/// The cookie that holds a session's token.
///
/// The prefix has the browser refuse it from anybody but this host, over TLS and for every path (RFC 6265bis, section
/// 4.1.3.2); scripts do not see it, and no other site's request carries it.
package enum SessionCookie {
    package static let name = "__Host-chexin"
    private static let attributes = "; Path=/; Secure; HttpOnly; SameSite=Strict"
    private static let maximumTokenBytes = 512

    /// - Parameter maximumAgeSeconds: `nil` until the browser is closed.
    package static func set(_ token: String, maximumAgeSeconds: Int64? = nil) -> String {
        "\(name)=\(token)\(attributes)" + (maximumAgeSeconds.map { "; Max-Age=\($0)" } ?? "")
    }

    package static let cleared = "\(name)=\(attributes); Max-Age=0"

    /// - Parameter field: the whole `Cookie` header.
    /// - Returns: `nil` where there is none, or two: then nobody knows which one is meant.
    static func token(in field: String) -> String? {
        let values = field.split(separator: ";").map(trimmed).filter { $0.hasPrefix(name + "=") }
        guard values.count == 1, let value = values.first?.dropFirst(name.utf8.count + 1),
            (1...maximumTokenBytes).contains(value.utf8.count)
        else { return nil }
        return String(value)
    }
}

extension Reply {
    /// The browser shows this token from now on.
    package func signedIn(by token: String, maximumAgeSeconds: Int64? = nil) -> Reply {
        with(.setCookie, SessionCookie.set(token, maximumAgeSeconds: maximumAgeSeconds))
    }

    /// The browser forgets its token.
    package func signedOut() -> Reply {
        with(.setCookie, SessionCookie.cleared)
    }
}
