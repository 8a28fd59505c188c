import Storage
import Synchronization

/// A store with which a test does something before one of its writes: the write does not come if that throws.
final class InterruptedDatabase: Database {
    private let wrapped: any Database
    private let writes = Mutex(0)
    private let beforeWrite: @Sendable (Int) async throws -> Void

    init(_ wrapped: any Database, beforeWrite: @escaping @Sendable (Int) async throws -> Void) {
        self.wrapped = wrapped
        self.beforeWrite = beforeWrite
    }

    var writeCount: Int { writes.withLock { $0 } }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await wrapped.read(body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        let number = writes.withLock { writes in
            writes += 1
            return writes
        }
        try await beforeWrite(number)
        return try await wrapped.write(body)
    }

    func close() async throws {
        try await wrapped.close()
    }
}

struct Interruption: Error {}
