import Accounts
import Core
import Storage
import Support
import Testing

/// Random events against a book kept by hand: after every step both say the same, and everything adds up.
@Suite struct BookPropertyTests {
    /// The same book, in the simplest way: a sum for each account, and nothing below zero.
    private struct Model {
        var balances: [AccountName: Int64] = [:]
        var journals: [(kind: JournalKind, reference: String, postings: [Posting])] = []

        mutating func post(_ kind: JournalKind, _ reference: String, _ postings: [Posting]) -> Bool {
            if let known = journals.first(where: { $0.kind == kind && $0.reference == reference }) {
                return Set(known.postings) == Set(postings)
            }
            var changed = balances
            for posting in postings { changed[posting.account, default: 0] += posting.change }
            guard changed.values.allSatisfy({ $0 >= 0 }) else { return false }
            balances = changed
            journals.append((kind, reference, postings))
            return true
        }
    }

    private static let dealers = ["org_a", "org_b"]
    private static let losses = ["l1", "l2", "l3"]

    private struct Event: Sendable {
        let kind: JournalKind
        let reference: String
        let postings: [Posting]
        let post: @Sendable (any Transaction) throws -> Void

        init(
            _ kind: JournalKind,
            _ occasion: Occasion,
            _ postings: [Posting],
            _ post: @escaping @Sendable (any Transaction) throws -> Void
        ) {
            (self.kind, reference, self.postings, self.post) = (kind, occasion.reference, postings, post)
        }
    }

    private func event(_ random: inout SeededRandom, _ step: Int) throws -> Event {
        let amount = Money(fen: Int64.random(in: 1...400, using: &random))
        let dealer = Self.dealers.randomElement(using: &random)!
        let loss = Self.losses.randomElement(using: &random)!
        // One in five asks again for something that was posted, or would have been.
        let number = Int.random(in: 0..<5, using: &random) == 0 ? Int.random(in: 0...step, using: &random) : step
        let occasion = because("e\(number)")
        let choice = Int.random(in: 0..<10, using: &random)
        return choice < 5
            ? funds(choice, dealer, loss, amount, occasion) : try debts(choice, dealer, loss, amount, occasion)
    }

    private func funds(
        _ choice: Int,
        _ dealer: String,
        _ loss: String,
        _ amount: Money,
        _ occasion: Occasion
    ) -> Event {
        switch choice {
        case 0:
            return Event(.deposit, occasion, PostingRules.deposit(by: dealer, amount)) {
                try Book.deposit($0, by: dealer, amount, occasion)
            }
        case 1:
            return Event(.funding, occasion, PostingRules.funding(amount)) { try Book.fund($0, amount, occasion) }
        case 2:
            return Event(.depositReturn, occasion, PostingRules.depositReturn(to: dealer, amount)) {
                try Book.returnDeposit($0, to: dealer, amount, occasion)
            }
        case 3:
            return Event(.advance, occasion, PostingRules.advance(for: loss, amount)) {
                try Book.drawAdvance($0, for: loss, amount, occasion)
            }
        default:
            return Event(.payment, occasion, PostingRules.payment(for: loss, amount)) {
                try Book.payBuyer($0, for: loss, amount, occasion)
            }
        }
    }

    private func debts(
        _ choice: Int,
        _ dealer: String,
        _ loss: String,
        _ amount: Money,
        _ occasion: Occasion
    ) throws -> Event {
        switch choice {
        case 5:
            return Event(.receivable, occasion, PostingRules.opening(from: dealer, for: loss, amount)) {
                try Book.openReceivable($0, from: dealer, for: loss, amount, occasion)
            }
        case 6:
            return Event(.recovery, occasion, PostingRules.recovery(from: dealer, for: loss, amount)) {
                try Book.recover($0, from: dealer, for: loss, amount, occasion)
            }
        case 7:
            return Event(.depositDraw, occasion, PostingRules.depositDraw(from: dealer, for: loss, amount)) {
                try Book.drawDeposit($0, from: dealer, for: loss, amount, occasion)
            }
        case 8:
            return Event(.writeOff, occasion, PostingRules.writeOff(of: dealer, for: loss, amount)) {
                try Book.writeOff($0, of: dealer, for: loss, amount, occasion)
            }
        default:
            let back = Money(fen: amount.fen / 2)
            let postings = try PostingRules.overturn(of: dealer, for: loss, outstanding: amount, recovered: back)
            return Event(.overturn, occasion, postings) {
                try Book.overturn($0, of: dealer, for: loss, outstanding: amount, recovered: back, occasion)
            }
        }
    }

    /// Sums are zero, balances are what the postings come to, and what dealers owe is accounted for.
    private func check(_ world: BookWorld, _ model: Model, _ step: Int) async throws {
        let verdict = try await world.verdict()
        #expect(verdict.findings == [], "step \(step)")
        #expect(verdict.journalCount == Int64(model.journals.count), "step \(step)")
        let touched = model.journals.reduce(into: Set<AccountName>()) { $0.formUnion($1.postings.map(\.account)) }
        let (balances, recourses, trial) = try await world.read { tx in
            (
                try touched.map { ($0, try Book.balance(tx, $0).fen) },
                try Self.dealers.flatMap { dealer in
                    try Self.losses.map { try Book.recourse(tx, from: dealer, for: $0) }
                },
                try Book.trialBalance(tx, on: tx.now.dateInChina)
            )
        }
        for (account, balance) in balances {
            #expect(balance == model.balances[account], "\(account.text) at step \(step)")
        }
        #expect(recourses.allSatisfy { $0.isWhole }, "step \(step)")
        #expect(trial.reduce(0) { $0 + $1.closing.fen } == 0, "step \(step)")
    }

    private static let walks: [(Engine, UInt64, Int)] = [(.sqlite, 1, 300), (.sqlite, 2, 300), (.postgres, 3, 60)]

    @Test(.timeLimit(.minutes(10)), arguments: walks)
    func `random events keep the book whole at every step`(engine: Engine, seed: UInt64, steps: Int) async throws {
        let world = try await BookWorld(engine)
        var random = SeededRandom(seed: seed)
        var model = Model()
        var refused = 0
        for step in 0..<steps {
            world.store.clock.advance(seconds: Int64.random(in: -20_000...40_000, using: &random))
            if !model.journals.isEmpty, Int.random(in: 0..<10, using: &random) == 0 {
                let index = Int.random(in: 0..<model.journals.count, using: &random)
                let original = model.journals[index]
                let reversal = original.postings.map { Posting($0.account, fen: -$0.fen) }
                let mayReverse =
                    original.kind != .reversal && model.post(.reversal, "\(index + 1)", reversal)
                let refusal = try await world.refusal {
                    try Book.reverse($0, Int64(index + 1), reason: "错", by: "usr_1")
                }
                #expect((refusal == nil) == mayReverse, "step \(step)")
            } else {
                let event = try event(&random, step)
                let isPosted = model.post(event.kind, event.reference, event.postings)
                let refusal = try await world.refusal(event.post)
                #expect((refusal == nil) == isPosted, "step \(step) \(event.kind)")
                refused += isPosted ? 0 : 1
            }
            try await check(world, model, step)
        }
        #expect(model.journals.count > steps / 4)
        #expect(refused > steps / 10)
    }
}
