import Accounts
import Core
import Storage
import Support
import Testing

/// However many post at once.
@Suite struct BookRaceTests {
    private static let callers = 100

    /// - Returns: what each caller got: whether its call posted, or the code of its refusal.
    private func race(
        _ world: BookWorld,
        _ body: @escaping @Sendable (any Transaction, Int) throws -> Book.Posted
    ) async throws -> [String: Int] {
        try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<Self.callers {
                group.addTask {
                    // Who is told that the store is busy comes again, as every caller does.
                    while true {
                        do {
                            return try await world.write { try body($0, number) }.isNew ? "posted" : "known"
                        } catch let failure as Failure where failure.type != .storeBusy {
                            return failure.type.code
                        } catch is Failure {
                            continue
                        }
                    }
                }
            }
            return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
    }

    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `of a hundred advances as many are drawn as the fund suffices for`(engine: Engine) async throws {
        let world = try await BookWorld(engine, in: .disk)
        let each = Money(fen: 500_000)
        try await world.fund(each.fen * 37 + each.fen - 1)
        let outcomes = try await race(world) { tx, number in
            try Book.openReceivable(tx, from: "org_a", for: "l\(number)", each, because("l\(number)"))
            return try Book.drawAdvance(tx, for: "l\(number)", each, because("l\(number)"))
        }
        #expect(outcomes == ["posted": 37, "fund_exhausted": 63])
        #expect(try await world.balance(.fund) == each.fen - 1)
        let verdict = try await world.verdict()
        #expect(verdict.findings == [])
        #expect(verdict.journalCount == 1 + 37 * 2)
    }

    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `of a hundred who post one event one does`(engine: Engine) async throws {
        let world = try await BookWorld(engine, in: .disk)
        try await world.fund(1000)
        let outcomes = try await race(world) { tx, _ in
            try Book.drawAdvance(tx, for: "l1", Money(fen: 10), because("l1"))
        }
        #expect(outcomes == ["posted": 1, "known": 99])
        #expect(try await world.balance(.fund) == 990)
        #expect(try await world.verdict().findings == [])
    }

    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `of a hundred recoveries, draws and write-offs no fen too much is taken`(engine: Engine) async throws {
        let world = try await BookWorld(engine, in: .disk)
        try await world.fund(1000)
        try await world.write { try Book.deposit($0, by: "org_a", Money(fen: 200), because("d1")) }
        try await world.settle("l1", 1000)
        let outcomes = try await race(world) { tx, number in
            let (amount, occasion) = (Money(fen: 30), because("r\(number)"))
            return switch number % 3 {
            case 0: try Book.recover(tx, from: "org_a", for: "l1", amount, occasion)
            case 1: try Book.drawDeposit(tx, from: "org_a", for: "l1", amount, occasion)
            default: try Book.writeOff(tx, of: "org_a", for: "l1", amount, occasion)
            }
        }
        // 33 times 30 out of 1000; 6 of them at the most out of the deposit.
        #expect(outcomes["posted"] == 33)
        #expect(outcomes["receivable_exceeded", default: 0] + outcomes["deposit_short", default: 0] == 67)
        let recourse = try await world.read { try Book.recourse($0, from: "org_a", for: "l1") }
        #expect(recourse.isWhole && recourse.outstanding.fen == 10)
        #expect(try await world.balance(.deposit(of: "org_a")) >= 0)
        #expect(try await world.verdict().findings == [])
    }

    @Test(.timeLimit(.minutes(10)), arguments: Engine.allCases)
    func `of a hundred who reverse one journal one does`(engine: Engine) async throws {
        let world = try await BookWorld(engine, in: .disk)
        try await world.fund(1000)
        try await world.fund(7, "f2")
        let outcomes = try await race(world) { tx, number in
            try Book.reverse(tx, 2, reason: "\(number)", by: "usr_1")
        }
        #expect(outcomes == ["posted": 1, "known": 99])
        #expect(try await world.balance(.fund) == 1000)
    }
}
