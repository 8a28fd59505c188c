package import Core

/// A store. Both engines keep the same promises:
///
/// - `read` sees one committed state from its first statement to its last, and writes nothing.
/// - `write` is atomic, and durable when it returns: what it answered survives `kill -9` and a power cut.
/// - The bodies are synchronous and run off the cooperative pool, so that nothing interleaves inside a transaction and
///   no connection is held across an `await`.
/// - A body that throws leaves no trace.
/// - Cancelling the caller never tears a write apart: it goes on to its true outcome.
/// - A body may be run again, where another transaction was in its way or the connection was lost before the commit: it
///   is a pure function of its transaction, and nothing outside knows of an attempt that came to nothing.
/// - Writes may overlap where the engine lets them, each seeing what is committed when a statement of its begins. What
///   must not happen twice is guarded by a unique key, a compare-and-swap or a row that is locked first.
package protocol Database: Sendable {
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result

    /// - Throws: `Failure.storeBusy` where the queue of waiting writes is full, `Failure.storeFull` where the disk is,
    ///   `Failure.storeLost` where the outcome is unknown and the process has to start again from the disk.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result

    /// The same. The answers to what is foreseen may have been asked for together with those of other writes.
    func write<Result: Sendable>(
        knowing hints: WriteHints,
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result

    /// - Throws: `Failure` where the store does not answer or may not be written any more.
    func check() async throws

    /// A number that changes whenever a transaction that touched `topic` has been committed, before its caller hears
    /// of it; `nil` where others may write to the store too, and nobody can know.
    func stamp(of topic: String) -> UInt64?

    /// Has `end` run at the end of every batch of writes of which one touched `topic`: in the same commit, so that
    /// what it writes is there exactly when they are. Where it throws, nothing of the batch has happened, and all its
    /// callers are told.
    ///
    /// - Returns: `false` where several batches are written at once, and `end` is never run.
    func endBatches(touching topic: String, with end: @escaping BatchEnd) -> Bool

    /// Makes sure that what was deleted is left nowhere in the store's own files, as far as the engine can: a log that
    /// was written ahead may hold it still.
    func forgetDeleted() async throws

    func close() async throws
}

/// Writes what many writes have in common, once for all of them.
package typealias BatchEnd = @Sendable (any Transaction) throws -> Void

extension Database {
    package func endBatches(touching topic: String, with end: @escaping BatchEnd) -> Bool { false }

    package func write<Result: Sendable>(
        knowing hints: WriteHints,
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await write(body)
    }

    package func stamp(of topic: String) -> UInt64? { nil }

    package func forgetDeleted() async throws {}

    package func check() async throws {
        _ = try await read { try $0.first("SELECT 1") }
    }
}

/// One transaction on one connection. It must not leave the closure that received it.
package protocol Transaction {
    /// The time of this transaction: asked once, the same for everything it writes.
    var now: Instant { get }

    /// Another write was in the way of this one before. An engine on which writes overlap says so, and what was tried
    /// in the hope that nobody else is there had better be locked now.
    var hasLostRace: Bool { get }

    /// Says that this transaction changes what `topic` stands for: what was made of it before holds no longer.
    func touch(_ topic: String)

    /// Runs a statement that returns no rows.
    /// - Returns: how many rows it changed.
    @discardableResult
    func execute(_ sql: SQL) throws -> Int

    /// Runs statements that return no rows, in order, and none behind one that fails. One round trip, where the engine
    /// is elsewhere.
    /// - Returns: how many rows each of them changed.
    @discardableResult
    func execute(all statements: [SQL]) throws -> [Int]

    /// Runs statements of which nothing but their success matters: together with the next statement, or with the
    /// commit, where the engine is elsewhere. A failure may be that of the whole transaction, after the body's end.
    func execute(later statements: [SQL]) throws

    /// Every row that the statement returns.
    func rows(_ sql: SQL) throws -> [Row]

    /// The rows of each of several statements, run in order. One round trip, where the engine is elsewhere.
    func rows(all statements: [SQL]) throws -> [[Row]]

    /// The first row, or `nil`.
    func first(_ sql: SQL) throws -> Row?
}

extension Transaction {
    package var hasLostRace: Bool { false }

    package func touch(_ topic: String) {}

    package func rows(all statements: [SQL]) throws -> [[Row]] {
        try statements.map { try rows($0) }
    }

    @discardableResult
    package func execute(all statements: [SQL]) throws -> [Int] {
        try statements.map { try execute($0) }
    }

    package func execute(later statements: [SQL]) throws {
        try execute(all: statements)
    }
}

/// The values of one row, in the order of the statement's columns.
package struct Row: Sendable, Hashable {
    private let values: [SQLValue]

    package init(_ values: [SQLValue]) {
        self.values = values
    }

    package var count: Int { values.count }

    package var last: SQLValue? { values.last }

    package subscript(column: Int) -> SQLValue { values[column] }

    /// - Throws: `StoredDataError` where the column holds something else: the schema does not allow it.
    package func integer(_ column: Int) throws -> Int64 {
        guard case .integer(let number) = values[column] else { throw StoredDataError(column, "an integer") }
        return number
    }

    package func text(_ column: Int) throws -> String {
        guard case .text(let text) = values[column] else { throw StoredDataError(column, "a text") }
        return text
    }

    package func blob(_ column: Int) throws -> [UInt8] {
        guard case .blob(let bytes) = values[column] else { throw StoredDataError(column, "a blob") }
        return bytes
    }

    package func optionalInteger(_ column: Int) throws -> Int64? {
        values[column] == .null ? nil : try integer(column)
    }

    package func optionalText(_ column: Int) throws -> String? {
        values[column] == .null ? nil : try text(column)
    }

    package func optionalBlob(_ column: Int) throws -> [UInt8]? {
        values[column] == .null ? nil : try blob(column)
    }
}

/// A stored value is not what the schema says: a defect or a damaged store, never a caller's fault.
package struct StoredDataError: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ column: Int, _ expected: String) {
        description = "column \(column) should hold \(expected)"
    }

    package init(_ description: String) {
        self.description = description
    }
}

extension ProblemType {
    package static let storeBusy = ProblemType(
        "store_busy",
        .unavailable,
        zh: "系统繁忙，请稍后重试",
        en: "The service is busy; try again shortly"
    )
    package static let storeLost = ProblemType(
        "store_unavailable",
        .unavailable,
        zh: "存储暂时不可用",
        en: "The store cannot be reached at the moment"
    )
    package static let storeFull = ProblemType(
        "store_full",
        .full,
        zh: "存储空间已满，读取与核验仍可使用",
        en: "The store has no room left; reading and verifying still work"
    )
    package static let storeReadOnly = ProblemType(
        "store_read_only",
        .unavailable,
        zh: "存储目前只读，暂不能写入",
        en: "The store can only be read at the moment"
    )

    /// What a caller of the API may be told about the store.
    package static let storage: [ProblemType] = [.storeBusy, .storeLost, .storeFull, .storeReadOnly]
}

/// A unique key that is already taken: the verb decides what that means.
package struct UniqueViolation: Error, Sendable, Hashable {
    package init() {}
}
