import Core
import Storage

/// What one body sees of a session.
///
/// After a statement that failed PostgreSQL takes no other until the transaction is rolled back to a savepoint, and a
/// body may go on after a failure. Few do, so no savepoints are made for it at first: where one does, it is run again
/// from its beginning, carefully, with a savepoint before each statement.
final class PostgresTransaction: Transaction {
    let now: Instant
    /// The error after which nothing can be done in this transaction, the batch's other bodies included. A body that
    /// swallows it must not go on as if nothing had happened.
    private(set) var endedBy: PQError?
    /// A statement failed, and the body went on all the same.
    private(set) var wantsCare = false
    private(set) var hasFailed = false
    /// There is something to be undone, perhaps.
    private(set) var hasWritten = false
    let hasLostRace: Bool
    private var foreseen: [ForeseenAnswers]
    private let session: Session
    private let isCareful: Bool
    private let postpones: Bool

    /// - Parameters:
    ///   - isCareful: each statement gets a savepoint.
    ///   - postpones: what may run later does. It fails the whole transaction, then.
    ///   - foreseen: what was asked for the body before it began.
    init(
        on session: Session,
        isCareful: Bool,
        postpones: Bool,
        hints: WriteHints = WriteHints(),
        foreseen: [ForeseenAnswers] = [],
        now: Instant
    ) {
        self.session = session
        hasLostRace = hints.hasLostRace
        self.foreseen = foreseen
        self.isCareful = isCareful
        self.postpones = postpones
        self.now = now
    }

    func execute(_ sql: SQL) throws -> Int {
        try run([sql]).first?.changedCount ?? 0
    }

    func rows(_ sql: SQL) throws -> [Row] {
        try run([sql]).first?.rows() ?? []
    }

    func rows(all statements: [SQL]) throws -> [[Row]] {
        // One by one where each needs a savepoint of its own.
        guard !isCareful else { return try statements.map(rows) }
        return try run(statements).map { try $0.rows() }
    }

    func first(_ sql: SQL) throws -> Row? {
        guard let answer = try run([sql]).first, answer.rowCount > 0 else { return nil }
        return try answer.row(0)
    }

    func execute(all statements: [SQL]) throws -> [Int] {
        // One by one where each needs a savepoint of its own.
        guard !isCareful else { return try statements.map(execute) }
        return try run(statements).map(\.changedCount)
    }

    func execute(later statements: [SQL]) throws {
        guard postpones else {
            _ = try execute(all: statements)
            return
        }
        try prepare(statements)
        session.postpone(statements)
    }

    private func prepare(_ statements: [SQL]) throws {
        if let endedBy { throw endedBy.translated }
        if hasFailed, !isCareful {
            wantsCare = true
            throw PQError.defect("the body is run again")
        }
        for statement in statements { try check(statement) }
    }

    private func run(_ statements: [SQL]) throws -> [Answer] {
        try prepare(statements)
        if let answers = foreseenAnswers(to: statements) { return answers }
        if isCareful { session.rideAlong("SAVEPOINT statement") }
        do {
            let answers = try session.run(statements)
            if isCareful { session.rideAlong("RELEASE statement") }
            return answers
        } catch {
            note(error)
            throw error.error.translated
        }
    }

    /// Once it has written, a body has to see what it wrote.
    private func foreseenAnswers(to statements: [SQL]) -> [Answer]? {
        guard !hasWritten, let index = foreseen.firstIndex(where: { $0.statements == statements }) else { return nil }
        return foreseen.remove(at: index).answers
    }

    private func note(_ error: SessionError) {
        hasFailed = true
        if error.isOfRider || error.error.isLost || error.error.isContention {
            endedBy = error.error
        } else if isCareful {
            session.rideAlong("ROLLBACK TO statement")
            session.rideAlong("RELEASE statement")
        }
    }

    private func check(_ sql: SQL) throws(PQError) {
        let statement = try session.translated(sql)
        guard !statement.controlsTransaction else { throw .defect("a body may not run: \(sql.text)") }
        guard statement.placeholderCount == sql.binds.count else {
            throw .defect("a placeholder without a bind in: \(sql.text)")
        }
        if !statement.isQuery { hasWritten = true }
    }
}

/// What a body will ask, and the answers.
struct ForeseenAnswers {
    let statements: [SQL]
    let answers: [Answer]
}
