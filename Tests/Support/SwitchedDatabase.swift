import Core
package import Storage
import Synchronization
import Web

/// A store that is away for as long as a test wants it to be.
package final class SwitchedDatabase: Database {
    private let away = Atomic<Bool>(false)
    private let database: any Database

    package var isAway: Bool {
        get { away.load(ordering: .relaxed) }
        set { away.store(newValue, ordering: .relaxed) }
    }

    package init(_ database: any Database) {
        self.database = database
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        if isAway { throw Failure(.storeLost) }
        return try await database.read(body)
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        if isAway { throw Failure(.storeLost) }
        return try await database.write(body)
    }

    package func close() async throws {
        try await database.close()
    }
}
