import Core
import Storage
import Synchronization

/// A store that remembers which statements it was asked, and does what a test wants at the points that matter.
final class ObservedDatabase: Database {
    private let wrapped: any Database
    private let state = Mutex(State())

    private struct State {
        var statements: [String] = []
        var reads = 0
        var writes = 0
        var writeFailure: (any Error)?
        var afterNextRead: (@Sendable () async throws -> Void)?
    }

    init(_ wrapped: any Database) {
        self.wrapped = wrapped
    }

    var reads: Int { state.withLock(\.reads) }
    var writes: Int { state.withLock(\.writes) }

    /// The statements since this was last asked.
    func takeStatements() -> [String] {
        state.withLock { state in
            defer { state.statements = [] }
            return state.statements
        }
    }

    /// Every write throws this until it is set to `nil`.
    func failWrites(with error: (any Error)?) {
        state.withLock { $0.writeFailure = error }
    }

    /// Happens once, when the next read has its result and has not returned it yet.
    func afterNextRead(_ action: @escaping @Sendable () async throws -> Void) {
        state.withLock { $0.afterNextRead = action }
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        state.withLock { $0.reads += 1 }
        let result = try await wrapped.read { tx in try body(ObservedTransaction(tx, self)) }
        let action = state.withLock { state in
            defer { state.afterNextRead = nil }
            return state.afterNextRead
        }
        try await action?()
        return result
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        let error = state.withLock { state in
            state.writes += 1
            return state.writeFailure
        }
        if let error { throw error }
        return try await wrapped.write { tx in try body(ObservedTransaction(tx, self)) }
    }

    func close() async throws {
        try await wrapped.close()
    }

    fileprivate func note(_ sql: SQL) {
        state.withLock { $0.statements.append(sql.text) }
    }
}

private struct ObservedTransaction: Transaction {
    let wrapped: any Transaction
    let observer: ObservedDatabase

    init(_ wrapped: any Transaction, _ observer: ObservedDatabase) {
        self.wrapped = wrapped
        self.observer = observer
    }

    var now: Instant { wrapped.now }

    func execute(_ sql: SQL) throws -> Int {
        observer.note(sql)
        return try wrapped.execute(sql)
    }

    func rows(_ sql: SQL) throws -> [Row] {
        observer.note(sql)
        return try wrapped.rows(sql)
    }

    func first(_ sql: SQL) throws -> Row? {
        observer.note(sql)
        return try wrapped.first(sql)
    }
}
