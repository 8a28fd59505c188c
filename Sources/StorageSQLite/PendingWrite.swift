import Storage

/// A write that waits for its batch, and a caller that waits for the write.
protocol PendingWrite: AnyObject, Sendable {
    func run(in transaction: SQLiteTransaction) throws

    /// The write is refused on its own account; its batch goes on without it.
    func refuse(_ error: any Error)

    /// Answers the caller, once.
    /// - Parameter failure: why the batch failed, where it did.
    func finish(_ failure: (any Error)?)
}

/// Sendable although it keeps its outcome in a variable: only the writer's queue touches that, one batch at a time.
final class Write<Value: Sendable>: PendingWrite, @unchecked Sendable {
    private let body: @Sendable (SQLiteTransaction) throws -> Value
    private let waiter: CheckedContinuation<Value, any Error>
    private var outcome: Result<Value, any Error>?

    init(_ body: @escaping @Sendable (SQLiteTransaction) throws -> Value, waiter: CheckedContinuation<Value, any Error>)
    {
        self.body = body
        self.waiter = waiter
    }

    func run(in transaction: SQLiteTransaction) throws {
        outcome = .success(try body(transaction))
    }

    func refuse(_ error: any Error) {
        outcome = .failure(error)
    }

    func finish(_ failure: (any Error)?) {
        switch (outcome, failure) {
        case (.failure(let own), _): waiter.resume(throwing: own)
        case (_, let failure?): waiter.resume(throwing: failure)
        case (.success(let value), nil): waiter.resume(returning: value)
        case (nil, nil): waiter.resume(throwing: StoredDataError("a write was committed without being run"))
        }
    }
}
