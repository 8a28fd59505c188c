import Accounts
import Core
import Storage
import Support

/// A store with a book, and short words for what is posted to it.
struct BookWorld: Sendable {
    let store: TestStore

    init(_ engine: Engine, in place: TestStore.Place = .memory) async throws {
        store = try await TestStore.open(engine, in: place)
    }

    @discardableResult
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await store.database.writeRetrying(body)
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await store.database.read(body)
    }

    func balance(_ account: AccountName) async throws -> Int64 {
        try await read { try Book.balance($0, account).fen }
    }

    func verdict() async throws -> BookVerdict {
        try await read { try Book.verify($0) }
    }

    func fund(_ fen: Int64, _ reference: String = "f1") async throws {
        try await write { try Book.fund($0, Money(fen: fen), because(reference)) }
    }

    /// A loss that was ruled, advanced and paid to the buyer.
    func settle(_ loss: String, of dealer: String = "org_a", _ fen: Int64) async throws {
        let amount = Money(fen: fen)
        try await write { tx in
            try Book.openReceivable(tx, from: dealer, for: loss, amount, because(loss))
            try Book.drawAdvance(tx, for: loss, amount, because(loss))
            try Book.payBuyer(tx, for: loss, amount, because(loss))
        }
    }

    /// - Returns: the code of what was refused, or `nil`.
    func refusal(_ body: @escaping @Sendable (any Transaction) throws -> Void) async throws -> String? {
        do {
            try await write(body)
            return nil
        } catch let failure as Failure {
            return failure.type.code
        }
    }
}

func because(_ reference: String) -> Occasion {
    Occasion(reference, reason: "因", by: "usr_1")
}
