import Core
import Storage

/// What a store must be able to rely on, looked at when it is opened.
struct ServerFacts {
    /// PostgreSQL 15, as `server_version_num` counts.
    private static let oldestVersion: Int64 = 150_000

    /// Refuses a server that cannot do what `Database` promises, and clears away what killed processes left.
    /// - Returns: what the operator has to know of a server that can, and is perhaps not set up to.
    static func check(_ connector: Connector, clock: any WallClock) throws -> [String] {
        let session = Session(connector)
        do throws(PQError) {
            try session.connect()
        } catch {
            throw PostgresOpenError(connector.reasonOfFailure())
        }
        session.begin(.write(lockMilliseconds: connector.limits.lockMilliseconds))
        guard let row = try facts(session) else { throw PostgresOpenError("The server does not say what it is.") }
        guard try row.integer(0) >= oldestVersion else {
            throw PostgresOpenError("PostgreSQL is older than version 15. Update it.")
        }
        guard try row.text(1) == "UTF8" else {
            throw PostgresOpenError("The database is not encoded in UTF-8. Make one with createdb --encoding=UTF8.")
        }
        guard try row.text(2) == "off" else { throw PostgresOpenError.readOnly }
        if session.hasMarkers { _ = try session.run([SpentMarkers.left(before: clock.now())]) }
        try session.commit([])
        return try warnings(row)
    }

    private static func warnings(_ row: Row) throws -> [String] {
        var warnings: [String] = []
        for (column, setting) in [(3, "fsync"), (4, "full_page_writes")] where try row.text(column) == "off" {
            warnings.append(
                """
                PostgreSQL runs with \(setting) = off: what was acknowledged may be lost when its machine goes down. \
                Turn it on in postgresql.conf.
                """
            )
        }
        if try row.text(5) == "on" {
            warnings.append(
                """
                This user is a superuser of PostgreSQL, whom no right binds: entries and audit records can be changed \
                through this connection. Give the store to a user who is none.
                """
            )
        }
        return warnings
    }

    private static func facts(_ session: Session) throws -> Row? {
        let answer = try session.run([
            """
            SELECT
                CAST(current_setting('server_version_num') AS BIGINT),
                current_setting('server_encoding'),
                current_setting('transaction_read_only'),
                current_setting('fsync'),
                current_setting('full_page_writes'),
                current_setting('is_superuser')
            """
        ])
        return try answer.first?.row(0)
    }
}
