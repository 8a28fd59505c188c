import CLibPQ
import Core
import Storage

/// What PostgreSQL or the way to it said, before it is translated into what `Database` promises. Carries the statement
/// and never its binds: those are people's data, and this text ends in a log.
package struct PQError: Error, Sendable, CustomStringConvertible {
    /// Five characters that the server classifies its errors with. Empty where the error is not the server's.
    package let state: String
    let message: String
    /// The connection is gone, and with it the transaction.
    let isLost: Bool
    /// The server's own catalogue was changed by two at once.
    private let isOfTheCatalogue: Bool

    init(state: String, _ message: String, isLost: Bool = false) {
        self.state = state
        self.message = message
        self.isLost = isLost
        isOfTheCatalogue = false
    }

    /// The server's answer to a statement. Only the primary message: the others repeat values.
    init(_ result: OpaquePointer?, statement: String) {
        func field(_ code: UInt8) -> String {
            PQresultErrorField(result, CInt(code)).map { String(cString: $0) } ?? ""
        }
        state = field(Field.state)
        let primary =
            switch state {
            case "22021": "a text with U+0000, which no input should have let in,"
            // Data exceptions quote the datum itself.
            case _ where state.hasPrefix("22"): "a value that the server refuses"
            default: field(Field.message)
            }
        message = "\(primary) in: \(statement)"
        isLost = ["FATAL", "PANIC"].contains(field(Field.severity))
        isOfTheCatalogue = field(Field.schema) == "pg_catalog"
    }

    static func lost(_ message: String) -> PQError {
        PQError(state: "", message, isLost: true)
    }

    /// What was prepared is not there, or was there before, or does not fit the schema any more. The statement did not
    /// run, and no other will on this connection.
    static func forgotten(_ error: PQError) -> PQError {
        PQError(state: error.state, error.message, isLost: true)
    }

    static func defect(_ message: String) -> PQError {
        PQError(state: "", message)
    }

    package var description: String { "PostgreSQL error \(state.isEmpty ? "without state" : state): \(message)" }

    /// `PG_DIAG_…`, which Swift does not import.
    private enum Field {
        static let severity = UInt8(ascii: "V")
        static let state = UInt8(ascii: "C")
        static let message = UInt8(ascii: "M")
        static let schema = UInt8(ascii: "s")
    }
}

extension PQError {
    /// What a caller of `read` or `write` gets to see.
    package var translated: any Error {
        if isLost { return Failure(.storeLost, retryAfterSeconds: PostgresLimits.retryAfterSeconds) }
        if isContention { return Failure(.storeBusy, retryAfterSeconds: PostgresLimits.retryAfterSeconds) }
        switch state {
        case "23505": return UniqueViolation()
        case "25006":
            return Failure(.storeReadOnly, retryAfterSeconds: PostgresLimits.retryAfterSeconds)
        case "53100": return Failure(.storeFull)
        case "53000", "53200", "53300", "53400", "57014", "57P03":
            return Failure(.storeBusy, retryAfterSeconds: PostgresLimits.retryAfterSeconds)
        case "58000", "58030", "XX001", "XX002": return Failure(.storeLost)
        default: return state.hasPrefix("08") ? Failure(.storeLost) : self
        }
    }

    /// Another transaction was in the way, and may not be the next time: a failed serialization, a deadlock, a lock
    /// that did not become free, two who made the same table.
    package var isContention: Bool {
        switch state {
        case "40001", "40P01", "55P03": true
        case "23505": isOfTheCatalogue
        default: false
        }
    }

    /// A prepared statement that is missing, that is there already, or whose columns have changed.
    var isOfPreparation: Bool { ["26000", "42P05", "0A000"].contains(state) }

    /// The server that was the primary is not any more; another connection may find the new one.
    var isReadOnly: Bool { state == "25006" }
}
