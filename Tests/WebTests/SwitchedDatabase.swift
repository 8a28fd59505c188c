import Core
import Storage
import Synchronization

/// A store that is away for as long as a test wants it to be.
final class SwitchedDatabase: Database {
    let isAway = Atomic<Bool>(false)
    private let database: any Database

    init(_ database: any Database) {
        self.database = database
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        if isAway.load(ordering: .relaxed) { throw Failure(.storeLost) }
        return try await database.read(body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        if isAway.load(ordering: .relaxed) { throw Failure(.storeLost) }
        return try await database.write(body)
    }

    func close() async throws {
        try await database.close()
    }
}
