import CLibPQ
import Core
import Cryptography
import Glibc
import Storage

/// One connection. It belongs to the thread that made it, and may block that.
///
/// Statements go out in a pipeline, however many there are, and all answers are waited for together. One
/// synchronisation point is under way at a time: pgbouncer gives the server's connection away where a transaction ends.
final class Connection {
    /// What came of statements that were sent together. The server passes over everything behind one that fails.
    struct Exchange {
        /// Of the statements that succeeded, in order.
        var answers: [Answer] = []
        /// Why the next one did not.
        var failure: PQError?
    }

    private let handle: OpaquePointer
    private let preparesStatements: Bool
    private var texts: [PortableKey: StatementText] = [:]
    /// Asked for in the exchange under way, and not confirmed yet. The server passes over those behind a failure.
    private var beingPrepared = FirstInFirstOut<(statement: StatementText, types: [Oid])>()
    /// No statement can be sent any more, and what the last one did is perhaps unknown.
    private(set) var isBroken = false

    private struct PortableKey: Hashable {
        let text: String
        let locksRows: Bool
    }

    /// Statements whose translation is kept, of each connection: more than the program has.
    private static let keptTexts = 1000

    /// - Parameter handle: connected; it is closed with this object.
    init(_ handle: OpaquePointer, preparesStatements: Bool) throws(PQError) {
        self.handle = handle
        self.preparesStatements = preparesStatements
        // What the server notes by the way would be written to standard error.
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
        guard PQsetnonblocking(handle, 1) == 0, PQenterPipelineMode(handle) == 1 else { throw lost() }
    }

    deinit {
        PQfinish(handle)
    }

    /// The process at the other end, as it was named when the connection was made. A pooler names one of its own
    /// invention.
    var serverProcess: Int { Int(PQbackendPID(handle)) }

    /// - Parameter mayLock: whether the transaction is one that may lock rows.
    func translated(_ sql: SQL, mayLock: Bool) -> StatementText {
        let key = PortableKey(text: sql.text, locksRows: sql.locksRows && mayLock)
        if let known = texts[key] { return known }
        if texts.count >= Self.keptTexts { texts.removeAll() }
        let translated = StatementText(portable: sql.text, locksRows: key.locksRows)
        texts[key] = translated
        return translated
    }

    /// - Parameters:
    ///   - mayLock: whether statements that want to hold on to their rows do so.
    ///   - cancels: whether the server is asked to give up where it takes longer. A commit is never cancelled: it would
    ///     be there, and not where it is replicated to.
    func exchange(
        _ statements: [SQL],
        withinMilliseconds limit: Int,
        mayLock: Bool = false,
        cancels: Bool = true
    ) -> Exchange {
        var exchange = Exchange()
        var deadline = Deadline(afterMilliseconds: limit, cancels: cancels)
        do throws(PQError) {
            let parts = try send(statements, mayLock: mayLock)
            try flush(&deadline)
            for (statement, count) in zip(statements, parts) {
                if count > 1 { try receivePreparation(statement, into: &exchange, &deadline) }
                try receive(statement, into: &exchange, &deadline)
            }
            try receiveSynchronisation(&deadline)
            while let (statement, types) = beingPrepared.popFirst() { statement.names.removeAll { $0.types == types } }
        } catch {
            isBroken = true
            if exchange.failure?.isLost != true { exchange.failure = error }
        }
        return exchange
    }
}

// MARK: - Sending

extension Connection {
    /// - Returns: how many answers each statement will have.
    private func send(_ statements: [SQL], mayLock: Bool) throws(PQError) -> [Int] {
        var parts: [Int] = []
        for statement in statements {
            parts.append(try send(statement, translated(statement, mayLock: mayLock)))
        }
        guard PQpipelineSync(handle) == 1 else { throw lost() }
        return parts
    }

    private func send(_ statement: SQL, _ translated: StatementText) throws(PQError) -> Int {
        let binds = EncodedBinds(statement.binds)
        guard preparesStatements else {
            let isSent = binds.withPointers { values, lengths, formats in
                let count = CInt(statement.binds.count)
                return PQsendQueryParams(
                    handle,
                    translated.text,
                    count,
                    binds.types,
                    values,
                    lengths,
                    formats,
                    EncodedBinds.binary
                )
            }
            guard isSent == 1 else { throw lost() }
            return 1
        }
        return try sendPrepared(translated, binds, count: statement.binds.count)
    }

    private func sendPrepared(
        _ statement: StatementText,
        _ binds: EncodedBinds,
        count: Int
    ) throws(PQError) -> Int {
        let known = statement.names.first { $0.types == binds.types }?.name
        let name = known ?? statement.name(types: binds.types)
        if known == nil {
            beingPrepared.append((statement, binds.types))
            guard PQsendPrepare(handle, name, statement.text, CInt(count), binds.types) == 1 else { throw lost() }
            statement.names.append((binds.types, name))
        }
        let isSent = binds.withPointers { values, lengths, formats in
            PQsendQueryPrepared(handle, name, CInt(count), values, lengths, formats, EncodedBinds.binary)
        }
        guard isSent == 1 else { throw lost() }
        return known == nil ? 2 : 1
    }

    /// Reads meanwhile: a server that cannot get its answers rid stops reading.
    private func flush(_ deadline: inout Deadline) throws(PQError) {
        while true {
            switch PQflush(handle) {
            case 0: return
            case 1:
                let ready = try wait(for: Int16(POLLIN | POLLOUT), &deadline)
                if ready & Int16(POLLIN) != 0, PQconsumeInput(handle) == 0 { throw lost() }
            default: throw lost()
            }
        }
    }
}

// MARK: - Receiving

extension Connection {
    private func receivePreparation(
        _ statement: SQL,
        into exchange: inout Exchange,
        _ deadline: inout Deadline
    ) throws(PQError) {
        if try receiveOne(statement, into: &exchange, &deadline) != nil { _ = beingPrepared.popFirst() }
    }

    private func receive(_ statement: SQL, into exchange: inout Exchange, _ deadline: inout Deadline) throws(PQError) {
        guard let answer = try receiveOne(statement, into: &exchange, &deadline) else { return }
        exchange.answers.append(answer)
    }

    /// - Returns: `nil` where the statement failed, or one before it did.
    private func receiveOne(
        _ statement: SQL,
        into exchange: inout Exchange,
        _ deadline: inout Deadline
    ) throws(PQError) -> Answer? {
        guard let result = try next(&deadline) else { throw PQError.lost("an answer is missing") }
        var answer: Answer?
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
            answer = Answer(result)
        case PGRES_PIPELINE_ABORTED: PQclear(result)
        default:
            let error = PQError(result, statement: statement.text)
            PQclear(result)
            guard !error.state.isEmpty else { throw lost() }
            if error.isOfPreparation, preparesStatements { throw PQError.forgotten(error) }
            guard !error.isLost else { throw error }
            if exchange.failure == nil { exchange.failure = error }
        }
        guard try next(&deadline) == nil else { throw PQError.lost("there are more answers than statements") }
        return answer
    }

    private func receiveSynchronisation(_ deadline: inout Deadline) throws(PQError) {
        let result = try next(&deadline)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_PIPELINE_SYNC else { throw lost() }
    }

    private func next(_ deadline: inout Deadline) throws(PQError) -> OpaquePointer? {
        while PQisBusy(handle) == 1 {
            _ = try wait(for: Int16(POLLIN), &deadline)
            guard PQconsumeInput(handle) == 1 else { throw lost() }
        }
        return PQgetResult(handle)
    }

    /// - Returns: the events that are there.
    private func wait(for events: Int16, _ deadline: inout Deadline) throws(PQError) -> Int16 {
        while true {
            var descriptor = pollfd(fd: PQsocket(handle), events: events, revents: 0)
            let count = poll(&descriptor, 1, deadline.remainingMilliseconds)
            if count > 0 { return descriptor.revents }
            if count < 0, errno != EINTR { throw PQError.lost("poll failed with \(errno)") }
            guard deadline.remainingMilliseconds == 0 else { continue }
            guard deadline.allowsCancelling() else { throw PQError.lost("the server did not answer in time") }
            cancel()
        }
    }

    /// Asks on a connection of its own, and on a thread of its own: libpq waits for the end of that without a limit.
    private func cancel() {
        guard let request = PQgetCancel(handle) else { return }
        nonisolated(unsafe) let handedOver = request
        do {
            try OwnThread.start {
                var message = [CChar](repeating: 0, count: 256)
                PQcancel(handedOver, &message, CInt(message.count))
                PQfreeCancel(handedOver)
            }
        } catch {
            PQfreeCancel(request)
        }
    }

    private func lost() -> PQError {
        let message = String(cString: PQerrorMessage(handle)).split(separator: "\n").first.map(String.init)
        return PQError.lost(message ?? "the connection is gone")
    }
}

/// Until when an answer is waited for, and how much longer once it was asked to be cancelled.
private struct Deadline {
    private var instant: ContinuousClock.Instant
    private var mayCancel: Bool

    init(afterMilliseconds milliseconds: Int, cancels: Bool) {
        instant = .now + .milliseconds(milliseconds)
        mayCancel = cancels
    }

    /// As `poll` wants it.
    var remainingMilliseconds: CInt {
        let left = ContinuousClock.now.duration(to: instant)
        guard left > .zero else { return 0 }
        // Rounded up, or the last millisecond would be spent in circles.
        let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1
        return CInt(clamping: milliseconds)
    }

    /// Once, and starts the time over.
    mutating func allowsCancelling() -> Bool {
        guard mayCancel else { return false }
        mayCancel = false
        instant = .now + .milliseconds(PostgresLimits.graceMilliseconds)
        return true
    }
}
