/// A body that waits for a connection, and a caller that waits for the body.
package protocol PendingWork: AnyObject, Sendable {
    var hints: WriteHints { get }

    /// May be called again, where an earlier attempt came to nothing.
    func run(in transaction: any Transaction) throws

    /// The body is refused on its own account; its batch goes on without it.
    func refuse(_ error: any Error)

    /// Answers the caller, once.
    /// - Parameter failure: why the transaction failed, where it did.
    func finish(_ failure: (any Error)?)
}

/// Sendable although it keeps its outcome in a variable: only the thread that took it touches that.
package final class Work<Value: Sendable>: PendingWork, @unchecked Sendable {
    package let hints: WriteHints
    private let body: @Sendable (any Transaction) throws -> Value
    private let waiter: CheckedContinuation<Value, any Error>
    private var outcome: Result<Value, any Error>?

    package init(
        _ body: @escaping @Sendable (any Transaction) throws -> Value,
        knowing hints: WriteHints = WriteHints(),
        waiter: CheckedContinuation<Value, any Error>
    ) {
        self.hints = hints
        self.body = body
        self.waiter = waiter
    }

    package func run(in transaction: any Transaction) throws {
        outcome = .success(try body(transaction))
    }

    package func refuse(_ error: any Error) {
        outcome = .failure(error)
    }

    package func finish(_ failure: (any Error)?) {
        switch (outcome, failure) {
        case (.failure(let own), _): waiter.resume(throwing: own)
        case (_, let failure?): waiter.resume(throwing: failure)
        case (.success(let value), nil): waiter.resume(returning: value)
        case (nil, nil): waiter.resume(throwing: StoredDataError("a transaction ended without its body"))
        }
    }
}
