import Core
import Storage

/// A store that says before each statement of a write which one it is, from 1. What is thrown then ends the write.
struct WatchedDatabase: Database {
    let wrapped: any Database
    let beforeStatement: @Sendable (Int) throws -> Void

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await wrapped.read(body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await wrapped.write { tx in try body(WatchedTransaction(tx, beforeStatement)) }
    }

    func close() async throws {
        try await wrapped.close()
    }
}

private final class WatchedTransaction: Transaction {
    private let wrapped: any Transaction
    private let beforeStatement: (Int) throws -> Void
    private var count = 0

    var now: Instant { wrapped.now }
    var hasLostRace: Bool { wrapped.hasLostRace }

    init(_ wrapped: any Transaction, _ beforeStatement: @escaping (Int) throws -> Void) {
        self.wrapped = wrapped
        self.beforeStatement = beforeStatement
    }

    private func next() throws {
        count += 1
        try beforeStatement(count)
    }

    func touch(_ topic: String) { wrapped.touch(topic) }

    func execute(_ sql: SQL) throws -> Int {
        try next()
        return try wrapped.execute(sql)
    }

    func execute(all statements: [SQL]) throws -> [Int] {
        try next()
        return try wrapped.execute(all: statements)
    }

    func execute(later statements: [SQL]) throws {
        try next()
        try wrapped.execute(later: statements)
    }

    func rows(_ sql: SQL) throws -> [Row] {
        try next()
        return try wrapped.rows(sql)
    }

    func rows(all statements: [SQL]) throws -> [[Row]] {
        try next()
        return try wrapped.rows(all: statements)
    }

    func first(_ sql: SQL) throws -> Row? {
        try next()
        return try wrapped.first(sql)
    }
}
