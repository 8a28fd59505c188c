import CLibPQ
import Glibc
import Storage
import Synchronization

/// Makes connections to one store.
final class Connector: Sendable {
    private let location: PostgresLocation
    let limits: PostgresLimits
    private let preparesStatements: Atomic<Bool>

    init(_ location: PostgresLocation, limits: PostgresLimits) {
        self.location = location
        self.limits = limits
        preparesStatements = Atomic(limits.preparesStatements)
    }

    /// Tries every host of the address, as libpq does. Blocks.
    func connect() throws(PQError) -> Connection {
        let handle = withParameters { PQconnectdbParams($0, $1, Self.expandsAddress) }
        guard let handle else { throw PQError.lost("there is no memory for a connection") }
        guard PQstatus(handle) == CONNECTION_OK else {
            defer { PQfinish(handle) }
            throw PQError.lost(String(cString: PQerrorMessage(handle)))
        }
        return try Connection(handle, preparesStatements: preparesStatements.load(ordering: .relaxed))
    }

    /// What was prepared on a connection is not there when it is used: there is a pooler between.
    func stopPreparing() {
        preparesStatements.store(false, ordering: .relaxed)
    }

    /// Tries again, to find out why it failed: only while it connects step by step can libpq be told to name the
    /// server's error by its state, whatever language its message is in. Blocks.
    func reasonOfFailure() -> ConnectFailure {
        guard let handle = withParameters({ PQconnectStartParams($0, $1, Self.expandsAddress) }) else {
            return ConnectFailure(message: "")
        }
        defer { PQfinish(handle) }
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        let end = ContinuousClock.now + .seconds(Self.diagnosisSeconds)
        while ContinuousClock.now < end {
            switch PQconnectPoll(handle) {
            case PGRES_POLLING_OK, PGRES_POLLING_FAILED:
                return ConnectFailure(message: String(cString: PQerrorMessage(handle)))
            case PGRES_POLLING_READING: pause(handle, Int16(POLLIN))
            default: pause(handle, Int16(POLLOUT))
            }
        }
        return ConnectFailure(message: "timeout expired")
    }

    private static let diagnosisSeconds = 5
    private static let pauseMilliseconds: CInt = 100
    /// The address stands in the place of the database's name, and libpq takes it apart.
    private static let expandsAddress: CInt = 1

    private func pause(_ handle: OpaquePointer, _ events: Int16) {
        var descriptor = pollfd(fd: PQsocket(handle), events: events, revents: 0)
        poll(&descriptor, 1, Self.pauseMilliseconds)
    }

    /// What comes later wins: the defaults, the address, and what the driver relies on.
    private func withParameters<Value>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> Value
    ) -> Value {
        let parameters =
            PostgresLimits.connectionDefaults + [("dbname", location.address), ("client_encoding", "UTF8")]
        let keywords = parameters.map { strdup($0.0) }
        let values = parameters.map { strdup($0.1) }
        defer { for text in keywords + values { free(text) } }
        return body(keywords.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil])
    }
}

/// Why no connection came about.
struct ConnectFailure {
    let message: String

    /// What the server says of itself, `FATAL:  28P01: …`, where it answered at all.
    var state: String? {
        let words = message.split { " \n".contains($0) }
        return words.first { word in
            word.count == 6 && word.hasSuffix(":") && word.dropLast().allSatisfy { $0.isNumber || $0.isUppercase }
                && word.contains { $0.isNumber }
        }.map { String($0.dropLast()) }
    }
}
