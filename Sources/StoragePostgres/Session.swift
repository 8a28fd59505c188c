import Core
import Glibc
import Storage

/// A connection that comes back when it is lost, and the transaction on it. It belongs to one thread, and blocks that.
///
/// What begins and divides a transaction is not sent on its own: it rides along with the next statement, so that an
/// append costs as many round trips as it has questions.
final class Session {
    private let connector: Connector
    private var connection: Connection?
    private var deferred: [SQL] = []
    private var merger = InsertMerger()
    /// Several bodies share the transaction, which run the same statements later.
    private var isShared = false
    /// Whether the server knows of the transaction yet.
    private(set) var isBegun = false
    /// Statements of bodies are among what waits to ride along.
    private(set) var hasPostponed = false
    /// Whether the store has the table that commits are marked in; known once the transaction is begun.
    private(set) var hasMarkers = false
    private var asksForMarkers = false
    private var isReading = false
    /// The connection keeps its settings: there is no pooler that would hand them to others.
    private var isTuned = false
    /// Writing was refused on this connection: another server may be the primary now.
    private var isOutdated = false
    private var awaySince: ContinuousClock.Instant?
    private var pauseMilliseconds = PostgresLimits.shortestPauseMilliseconds

    var limits: PostgresLimits { connector.limits }

    init(_ connector: Connector) {
        self.connector = connector
    }

    enum Access {
        case read
        case write(lockMilliseconds: Int, isShared: Bool = false)
    }

    /// Begins a transaction, of which the server hears with the first statement.
    func begin(_ access: Access) {
        abandon()
        asksForMarkers = false
        switch access {
        case .read:
            isReading = true
            isShared = false
            deferred.append("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            if !isTuned { deferred.append(readSettings) }
        case .write(let lockMilliseconds, let isShared):
            isReading = false
            self.isShared = isShared
            deferred.append("BEGIN ISOLATION LEVEL READ COMMITTED")
            asksForMarkers = !isTuned || !hasMarkers
            if asksForMarkers {
                deferred.append(writeSettings(lockMilliseconds))
            } else if lockMilliseconds != limits.lockMilliseconds {
                deferred.append("SELECT set_config('lock_timeout', \(String(lockMilliseconds)), TRUE)")
            }
        }
    }

    func rideAlong(_ statement: SQL) {
        deferred.append(statement)
    }

    /// Statements of a body ride along: with the next statement, or with the commit.
    func postpone(_ statements: [SQL]) {
        deferred += statements
        hasPostponed = true
    }

    /// Nothing is known of a statement before it is translated: how many binds it wants, and whether it is allowed.
    func translated(_ sql: SQL) throws(PQError) -> StatementText {
        connection?.translated(sql, mayLock: !isReading) ?? StatementText(portable: sql.text)
    }

    /// Runs statements, and before them what waits to ride along.
    ///
    /// - Returns: the answers to `statements` alone.
    /// - Throws: also the failure of what rode along, after which nothing can be done in this transaction.
    func run(_ statements: [SQL]) throws(SessionError) -> [Answer] {
        guard let connection, !connection.isBroken else { throw SessionError(.lost("there is no connection")) }
        if isShared { deferred = merger.merged(deferred) }
        let riders = deferred.count
        let beginsNow = !isBegun
        let exchange = connection.exchange(
            deferred + statements,
            withinMilliseconds: clientLimitMilliseconds,
            mayLock: !isReading
        )
        deferred.removeAll(keepingCapacity: true)
        hasPostponed = false
        isBegun = true
        if beginsNow, asksForMarkers, exchange.answers.count > Self.settingsIndex {
            noteMarkers(exchange.answers[Self.settingsIndex])
        }
        guard let failure = exchange.failure else { return Array(exchange.answers.dropFirst(riders)) }
        noteConnection(failure)
        if failure.isReadOnly, !isReading { isOutdated = true }
        throw SessionError(failure, isOfRider: exchange.answers.count < riders)
    }

    /// Ends the transaction with everything it did, and `last` with it.
    func commit(_ last: [SQL]) throws(PQError) {
        guard isBegun else { return abandon() }
        guard let connection, !connection.isBroken else { throw .lost("there is no connection") }
        let statements = (isShared ? merger.merged(deferred) : deferred) + last + ["COMMIT"]
        let exchange = connection.exchange(
            statements,
            withinMilliseconds: limits.commitMilliseconds,
            mayLock: !isReading,
            cancels: false
        )
        abandon()
        if let failure = exchange.failure {
            noteConnection(failure)
            if !failure.isLost { endAfterRefusal(connection) }
            throw failure
        }
        // A transaction in which something failed answers COMMIT with a friendly ROLLBACK.
        guard exchange.answers.last?.tag == "COMMIT" else { throw .defect("a commit was rolled back") }
    }

    /// Ends the transaction without a trace.
    func rollBack() {
        defer { abandon() }
        guard isBegun, let connection, !connection.isBroken else { return }
        endAfterRefusal(connection)
    }

    /// Ends a transaction that only read. Nobody waits for that any more.
    func endReading() {
        try? commit([])
    }

    /// Closes the connection: the next one chooses a server anew.
    func disconnect() {
        connection = nil
        isOutdated = false
        isTuned = false
        hasMarkers = false
        abandon()
    }

    private func noteConnection(_ failure: PQError) {
        if failure.isLost, failure.isOfPreparation { connector.stopPreparing() }
    }

    private func endAfterRefusal(_ connection: Connection) {
        let end = connection.exchange(["ROLLBACK"], withinMilliseconds: limits.commitMilliseconds)
        if end.failure != nil { disconnect() }
    }

    private func abandon() {
        deferred.removeAll(keepingCapacity: true)
        hasPostponed = false
        isBegun = false
    }
}

/// Why statements failed.
struct SessionError: Error {
    let error: PQError
    /// It was not the statement that was asked for but one that rode along.
    let isOfRider: Bool

    init(_ error: PQError, isOfRider: Bool = false) {
        self.error = error
        self.isOfRider = isOfRider
    }
}

// MARK: - Coming back

extension Session {
    var isConnected: Bool { connection?.isBroken == false }

    /// Sees to it that there is a connection. One that the server closed meanwhile is found when it is used.
    ///
    /// Whoever comes while the store is away waits until it has been away for a time, and has one attempt after that.
    func connect() throws(PQError) {
        if isOutdated { disconnect() }
        while !isConnected {
            disconnect()
            do throws(PQError) {
                let new = try connector.connect()
                try tune(new)
                connection = new
                awaySince = nil
                pauseMilliseconds = PostgresLimits.shortestPauseMilliseconds
            } catch {
                let since = awaySince ?? .now
                awaySince = since
                guard .now - since < Duration.milliseconds(limits.reconnectMilliseconds) else { throw error }
                pause(atMostMilliseconds: pauseMilliseconds)
                pauseMilliseconds = min(2 * pauseMilliseconds, PostgresLimits.longestPauseMilliseconds)
            }
        }
    }

    /// Waits a time of its own choosing, so that those who got in each other's way come back one by one.
    func pause(atMostMilliseconds limit: Int) {
        usleep(useconds_t(Int.random(in: (limit / 2)...limit) * 1000))
    }
}

// MARK: - What every transaction is told

extension Session {
    private static let settingsIndex = 1

    /// The server watches over its own time-outs, this side only over a server that does not.
    private var clientLimitMilliseconds: Int { limits.statementMilliseconds + PostgresLimits.graceMilliseconds }

    /// Settles once what every transaction would have to be told, where the server itself is at the other end. Through
    /// a pooler nothing is set: the server's connection is somebody else's the next moment.
    private func tune(_ connection: Connection) throws(PQError) {
        let settings = connectionSettings(onProcess: connection.serverProcess)
        let exchange = connection.exchange([settings], withinMilliseconds: PostgresLimits.graceMilliseconds)
        if let failure = exchange.failure, failure.isLost {
            noteConnection(failure)
            throw failure
        }
        isTuned = exchange.answers.first?.rowCount == 1
    }

    /// Plans are made once: every statement names the value that its table is partitioned by, so that a plan for one
    /// value is a plan for all, and PostgreSQL would make a new one for each.
    private func connectionSettings(onProcess process: Int) -> SQL {
        """
        SELECT
            set_config('statement_timeout', \(String(limits.statementMilliseconds)), FALSE),
            set_config('idle_in_transaction_session_timeout', \(String(limits.idleMilliseconds)), FALSE),
            set_config('lock_timeout', \(String(limits.lockMilliseconds)), FALSE),
            set_config('plan_cache_mode', 'force_generic_plan', FALSE),
            CASE WHEN current_setting('synchronous_commit') = 'off'
                THEN set_config('synchronous_commit', 'on', FALSE)
            END
        WHERE pg_backend_pid() = \(process)
        """
    }

    /// They end with the transaction: through pgbouncer the next one may be on another server's connection.
    private var readSettings: SQL {
        """
        SELECT
            set_config('statement_timeout', \(String(limits.statementMilliseconds)), TRUE),
            set_config('idle_in_transaction_session_timeout', \(String(limits.idleMilliseconds)), TRUE)
        """
    }

    /// A role or a database may be set up to acknowledge commits that are not on the disk. Chexin's are, and the rest
    /// of what the operator chose, such as `remote_apply`, stays.
    private func writeSettings(_ lockMilliseconds: Int) -> SQL {
        """
        SELECT
            set_config('statement_timeout', \(String(limits.statementMilliseconds)), TRUE),
            set_config('idle_in_transaction_session_timeout', \(String(limits.idleMilliseconds)), TRUE),
            set_config('lock_timeout', \(String(lockMilliseconds)), TRUE),
            CASE WHEN current_setting('synchronous_commit') = 'off'
                THEN set_config('synchronous_commit', 'on', TRUE)
            END,
            to_regclass('write_marker') IS NOT NULL
        """
    }

    private func noteMarkers(_ settings: Answer) {
        guard settings.rowCount == 1, let row = try? settings.row(0), let last = row.last else { return }
        hasMarkers = last == .integer(1)
    }
}
