/// Why a store cannot be used, in a sentence that names the mend.
package struct PostgresOpenError: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }

    init(_ failure: ConnectFailure) {
        switch failure.state {
        case "28P01":
            description = "PostgreSQL refused the password. Correct it in the address or in the password file."
        case "28000": description = "PostgreSQL refused this user. Correct the user, or let it in by pg_hba.conf."
        case "3D000": description = "PostgreSQL has no such database. Correct its name, or make it with createdb."
        case "42501": description = "PostgreSQL does not let this user connect. Grant it CONNECT on the database."
        case "53300": description = "PostgreSQL has no connection left. Raise max_connections, or run fewer instances."
        case "57P03": description = "PostgreSQL is starting or stopping. Start again when it accepts connections."
        case let state?: description = "PostgreSQL refused the connection (\(state)). Its log says why."
        case nil: description = Self.sentence(withoutServer: failure.message)
        }
    }

    static let readOnly = PostgresOpenError(
        "This PostgreSQL is a read-only standby. Name the primary, or all hosts with target_session_attrs=read-write."
    )

    /// What libpq says by itself.
    private static func sentence(withoutServer message: String) -> String {
        let reason = message.split(separator: "\n").first.map(String.init) ?? "no reason given"
        func says(_ words: String...) -> Bool { words.contains { message.contains($0) } }
        if says("no password supplied") {
            return "PostgreSQL asks for a password. Put one into the address or into the password file."
        }
        if says("session is read-only", "server is in hot standby") { return readOnly.description }
        if says("certificate", "SSL") {
            return "The TLS connection to PostgreSQL failed (\(reason)). Correct sslmode, sslrootcert or the host."
        }
        if ["invalid", "unrecognized"].contains(where: reason.hasPrefix) {
            return "The address is not one that libpq understands (\(reason))."
        }
        return "PostgreSQL cannot be reached (\(reason)). Correct host and port, or start the server."
    }
}
