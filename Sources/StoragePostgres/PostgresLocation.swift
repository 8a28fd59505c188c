import CLibPQ

/// Where a store on PostgreSQL is: an address that libpq reads, with all its options.
package struct PostgresLocation: Sendable, Hashable {
    /// Holds a password, perhaps: it goes to libpq and nowhere else.
    let address: String

    /// Reads `postgres://…` and `postgresql://…`. `nil` for anything else, and for what libpq cannot take apart.
    package init?(url: String) {
        guard let scheme = ["postgres://", "postgresql://"].first(where: url.hasPrefix) else { return nil }
        guard Self.isUnambiguous(url.dropFirst(scheme.count)), Self.isUnderstood(url) else { return nil }
        address = url
    }

    /// A password with an `@`, `/` or `?` in it that is not percent-encoded would be taken for a host in part, and
    /// hosts are named in errors.
    private static func isUnambiguous(_ rest: Substring) -> Bool {
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        return authority.count { $0 == "@" } <= 1 && !rest.dropFirst(authority.count).contains("@")
    }

    private static func isUnderstood(_ url: String) -> Bool {
        guard let options = PQconninfoParse(url, nil) else { return false }
        PQconninfoFree(options)
        return true
    }
}

extension PostgresLocation: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "postgres://…" }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
