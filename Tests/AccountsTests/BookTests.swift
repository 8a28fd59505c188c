import Accounts
import Core
import Storage
import Support
import Testing

@Suite struct BookTests {
    @Test(arguments: Engine.allCases)
    func `a loss runs from the ruling to the last fen`(engine: Engine) async throws {
        let world = try await BookWorld(engine)
        try await world.fund(1000)
        try await world.write { try Book.deposit($0, by: "org_a", Money(fen: 300), because("d1")) }
        try await world.settle("l1", 800)
        #expect(try await world.balance(.fund) == 200)
        #expect(try await world.balance(.payable(for: "l1")) == 0)
        #expect(try await world.balance(.advance(for: "l1")) == 0)
        let receivable = AccountName.receivable(from: "org_a", for: "l1")
        #expect(try await world.balance(receivable) == 800)
        try await world.write { tx in
            try Book.chargeFee(tx, from: "org_a", for: "l1", Money(fen: 50), because("l1"))
            try Book.drawDeposit(tx, from: "org_a", for: "l1", Money(fen: 300), because("l1"))
            try Book.recover(tx, from: "org_a", for: "l1", Money(fen: 400), because("p1"))
            try Book.writeOff(tx, of: "org_a", for: "l1", Money(fen: 100), because("l1"))
        }
        let recourse = try await world.read { try Book.recourse($0, from: "org_a", for: "l1") }
        #expect(recourse.opened.fen == 800 && recourse.fees.fen == 50)
        #expect(recourse.recovered.fen == 700 && recourse.writtenOff.fen == 100 && recourse.outstanding.fen == 50)
        #expect(recourse.isWhole)
        #expect(try await world.balance(receivable) == 50)
        #expect(try await world.balance(.fund) == 900)
        #expect(try await world.balance(.custody) == 0)
        #expect(try await world.balance(.deposit(of: "org_a")) == 0)
        let verdict = try await world.verdict()
        #expect(verdict.findings == [])
        #expect(verdict.journalCount == 9 && verdict.postingCount == 20)
    }

    // MARK: Once

    @Test(arguments: Engine.allCases)
    func `an event is posted once, and whoever repeats it gets the same journal`(engine: Engine) async throws {
        let world = try await BookWorld(engine)
        try await world.fund(1000)
        let post: @Sendable () async throws -> Book.Posted = {
            try await world.write { try Book.drawAdvance($0, for: "l1", Money(fen: 400), because("l1")) }
        }
        let first = try await post()
        let second = try await post()
        #expect(first.isNew && !second.isNew)
        #expect(second.journal == first.journal)
        #expect(try await world.balance(.fund) == 600)
        // The same reference of another kind is another event.
        try await world.fund(1, "l1")
        #expect(try await world.verdict().journalCount == 3)
    }

    @Test(arguments: Engine.allCases)
    func `the same event with another amount is refused`(engine: Engine) async throws {
        let world = try await BookWorld(engine)
        try await world.fund(1000)
        #expect(
            try await world.refusal { try Book.fund($0, Money(fen: 999), because("f1")) } == "journal_differs"
        )
        #expect(try await world.balance(.fund) == 1000)
    }

    @Test(arguments: Engine.allCases)
    func `what is refused leaves nothing, and numbers have no gaps`(engine: Engine) async throws {
        let world = try await BookWorld(engine)
        try await world.fund(100)
        for number in 1...3 {
            #expect(
                try await world.refusal {
                    try Book.drawAdvance($0, for: "l\(number)", Money(fen: 104), because("l\(number)"))
                } == "fund_exhausted"
            )
            try await world.fund(1, "f\(number + 1)")
        }
        let journals = try await world.read { try Book.journals($0, limit: 10) }
        #expect(journals.map(\.number) == [4, 3, 2, 1])
        #expect(try await world.read { try Book.account($0, .advance(for: "l1")) } == nil)
        #expect(try await world.verdict().findings == [])
    }

    // MARK: Never below zero

    @Test(arguments: Engine.allCases)
    func `no account leaves its side`(engine: Engine) async throws {
        let world = try await BookWorld(engine)
        try await world.fund(1000)
        try await world.write { try Book.deposit($0, by: "org_a", Money(fen: 50), because("d1")) }
        try await world.settle("l1", 100)
        let one = because("x")
        let hundredOne = Money(fen: 101)
        let refusals: [(String, @Sendable (any Transaction) throws -> Void)] = [
            ("fund_exhausted", { try Book.drawAdvance($0, for: "l2", Money(fen: 901), one) }),
            ("deposit_short", { try Book.returnDeposit($0, to: "org_a", Money(fen: 51), one) }),
            ("deposit_short", { try Book.drawDeposit($0, from: "org_a", for: "l1", Money(fen: 51), one) }),
            ("deposit_short", { try Book.drawDeposit($0, from: "org_b", for: "l1", Money(fen: 1), one) }),
            ("receivable_exceeded", { try Book.recover($0, from: "org_a", for: "l1", hundredOne, one) }),
            ("receivable_exceeded", { try Book.writeOff($0, of: "org_a", for: "l1", hundredOne, one) }),
            ("receivable_exceeded", { try Book.recover($0, from: "org_b", for: "l1", Money(fen: 1), one) }),
            ("account_short", { try Book.payBuyer($0, for: "l1", Money(fen: 1), one) }),
            (
                "receivable_exceeded",
                { try Book.overturn($0, of: "org_a", for: "l1", outstanding: hundredOne, recovered: .zero, one) }
            ),
            ("amount_out_of_range", { try Book.fund($0, .zero, one) }),
            ("amount_out_of_range", { try Book.fund($0, Money(fen: -1), one) }),
            ("amount_out_of_range", { try Book.fund($0, Money(fen: Money.maximumFen), one) }),
            (
                "amount_out_of_range",
                { try Book.overturn($0, of: "org_a", for: "l1", outstanding: Money(fen: -1), recovered: .zero, one) }
            ),
            (
                "journal_refused",
                { try Book.overturn($0, of: "org_a", for: "l1", outstanding: .zero, recovered: .zero, one) }
            ),
        ]
        let before = try await world.verdict()
        for (index, (code, body)) in refusals.enumerated() {
            #expect(try await world.refusal { try body($0) } == code, "refusal \(index)")
        }
        #expect(try await world.verdict() == before)
        #expect(before.isWhole)
    }

    /// Dealers' deposits lie in custody; no loss is ever paid out of them.
    @Test(arguments: Engine.allCases)
    func `a buyer is paid what was drawn for this loss, and nothing else`(engine: Engine) async throws {
        let world = try await BookWorld(engine)
        try await world.fund(1000)
        try await world.write { tx in
            try Book.deposit(tx, by: "org_a", Money(fen: 5000), because("d1"))
            try Book.openReceivable(tx, from: "org_a", for: "l1", Money(fen: 100), because("l1"))
            try Book.drawAdvance(tx, for: "l2", Money(fen: 100), because("l2"))
        }
        #expect(
            try await world.refusal { try Book.payBuyer($0, for: "l1", Money(fen: 100), because("l1")) }
                == "account_short"
        )
        #expect(
            try await world.refusal { try Book.payBuyer($0, for: "l2", Money(fen: 100), because("l2")) }
                == "account_short"
        )
    }

    // MARK: Corrections

    @Test(arguments: Engine.allCases)
    func `a reversal takes back everything, once, and is linked`(engine: Engine) async throws {
        let world = try await BookWorld(engine)
        try await world.fund(1000)
        let advance = try await world.write { try Book.drawAdvance($0, for: "l1", Money(fen: 400), because("l1")) }
        let number = advance.journal.number
        let reverse: @Sendable (String) async throws -> Book.Posted = { reason in
            try await world.write { try Book.reverse($0, number, reason: reason, by: "usr_2") }
        }
        let first = try await reverse("裁定有误")
        #expect(first.isNew && first.journal.reverses == number && first.journal.occasion.reason == "裁定有误")
        #expect(try await reverse("again").journal == first.journal)
        #expect(try await world.balance(.fund) == 1000)
        #expect(try await world.balance(.advance(for: "l1")) == 0)
        #expect(try await world.read { try Book.reversal($0, of: number) } == first.journal)
        #expect(try await world.read { try Book.journal($0, number) } == advance.journal, "it stays as it was")
        #expect(
            try await world.refusal { try Book.reverse($0, first.journal.number, reason: "x", by: "y") }
                == "journal_refused"
        )
        #expect(try await world.refusal { try Book.reverse($0, 99, reason: "x", by: "y") } == "journal_not_found")
        #expect(try await world.verdict().findings == [])
    }

    @Test(arguments: Engine.allCases)
    func `what has moved on cannot be reversed`(engine: Engine) async throws {
        let world = try await BookWorld(engine)
        try await world.fund(1000)
        try await world.settle("l1", 400)
        let advance = try #require(try await world.read { try Book.journal($0, .advance, reference: "l1") })
        #expect(
            try await world.refusal { try Book.reverse($0, advance.number, reason: "x", by: "y") } == "account_short"
        )
        let ruling = try #require(try await world.read { try Book.journal($0, .receivable, reference: "l1") })
        #expect(
            try await world.refusal { try Book.reverse($0, ruling.number, reason: "x", by: "y") } == "account_short"
        )
    }

    @Test(arguments: Engine.allCases)
    func `an overturned ruling is borne by the platform, and the dealer has its money back`(
        engine: Engine
    ) async throws {
        let world = try await BookWorld(engine)
        try await world.fund(1000)
        try await world.settle("l1", 400)
        try await world.write { tx in
            try Book.recover(tx, from: "org_a", for: "l1", Money(fen: 150), because("p1"))
            let recourse = try Book.recourse(tx, from: "org_a", for: "l1")
            try Book.overturn(
                tx,
                of: "org_a",
                for: "l1",
                outstanding: recourse.outstanding,
                recovered: recourse.recovered,
                because("appeal1")
            )
        }
        #expect(try await world.balance(.receivable(from: "org_a", for: "l1")) == 0)
        #expect(try await world.balance(.deposit(of: "org_a")) == 150)
        #expect(try await world.balance(.custody) == 150)
        #expect(try await world.balance(.borne) == 400)
        #expect(try await world.balance(.fund) == 600)
        let recourse = try await world.read { try Book.recourse($0, from: "org_a", for: "l1") }
        #expect(recourse.isWhole && recourse.overturned.fen == 250 && recourse.outstanding == .zero)
        #expect(try await world.verdict().findings == [])
    }

    @Test(arguments: Engine.allCases)
    func `what was taken back counts for nothing in what a dealer owes`(engine: Engine) async throws {
        let world = try await BookWorld(engine)
        try await world.fund(1000)
        try await world.settle("l1", 400)
        try await world.write { tx in
            let wrong = try Book.recover(tx, from: "org_a", for: "l1", Money(fen: 150), because("p1"))
            try Book.reverse(tx, wrong.journal.number, reason: "错记", by: "usr_1")
            try Book.recover(tx, from: "org_a", for: "l1", Money(fen: 15), because("p2"))
        }
        let recourse = try await world.read { try Book.recourse($0, from: "org_a", for: "l1") }
        #expect(recourse.recovered.fen == 15 && recourse.outstanding.fen == 385 && recourse.isWhole)
    }

    // MARK: Reading

    @Test(arguments: Engine.allCases)
    func `a statement shows every posting with its balance, page by page`(engine: Engine) async throws {
        let world = try await BookWorld(engine)
        for number in 1...5 { try await world.fund(Int64(number) * 10, "f\(number)") }
        try await world.write { try Book.drawAdvance($0, for: "l1", Money(fen: 30), because("l1")) }
        var lines: [StatementLine] = []
        while true {
            let last = lines.last?.seq ?? .max
            let page = try await world.read { try Book.statement($0, of: .fund, before: last, limit: 4) }
            guard !page.isEmpty else { break }
            lines += page
        }
        #expect(lines.map(\.seq) == [6, 5, 4, 3, 2, 1])
        #expect(lines.map(\.amount.fen) == [-30, 50, 40, 30, 20, 10])
        #expect(lines.map(\.balance.fen) == [120, 150, 100, 60, 30, 10])
        #expect(lines.map(\.journal.occasion.reference) == ["l1", "f5", "f4", "f3", "f2", "f1"])
    }

    @Test(arguments: Engine.allCases)
    func `a dealer's accounts are found, and those of a loss`(engine: Engine) async throws {
        let world = try await BookWorld(engine)
        try await world.fund(1000)
        try await world.write { try Book.deposit($0, by: "org_a", Money(fen: 10), because("d1")) }
        for loss in ["l1", "l2", "l3"] { try await world.settle(loss, 100) }
        try await world.settle("l4", of: "org_b", 100)
        let (deposits, first, rest, about) = try await world.read { tx in
            let first = try Book.accounts(tx, of: "org_a", .receivable, limit: 2)
            return (
                try Book.accounts(tx, of: "org_a", .deposit, limit: 10), first,
                try Book.accounts(tx, of: "org_a", .receivable, after: first.last?.name.text ?? "", limit: 2),
                try Book.accounts(tx, about: "l4")
            )
        }
        #expect(deposits.map(\.balance.fen) == [10])
        #expect(first.map(\.name.text) == ["receivable:org_a:l1", "receivable:org_a:l2"])
        #expect(rest.map(\.name.text) == ["receivable:org_a:l3"])
        #expect(about.map(\.name.text) == ["advance:l4", "payable:l4", "receivable:org_b:l4"])
    }

    @Test(arguments: Engine.allCases)
    func `the trial balance of each day comes to zero, also when the clock goes back`(engine: Engine) async throws {
        let world = try await BookWorld(engine)
        let first = ManualClock.start.dateInChina
        try await world.fund(1000)
        world.store.clock.advance(seconds: 2 * 86_400)
        try await world.settle("l1", 400)
        // Back to the day between.
        world.store.clock.advance(seconds: -86_400)
        try await world.fund(5, "f2")
        for (days, fund, opening) in [(-1, Int64(0), Int64(0)), (0, 1000, 0), (1, 1005, 1000), (2, 605, 1005)] {
            let lines = try await world.read { try Book.trialBalance($0, on: first.adding(days: days)) }
            #expect(lines.map(\.kind) == AccountKind.allCases)
            #expect(lines.reduce(0) { $0 + $1.closing.fen } == 0)
            #expect(lines.reduce(0) { $0 + $1.opening.fen } == 0)
            #expect(lines.reduce(0) { $0 + $1.debit.fen - $1.credit.fen } == 0)
            let line = try #require(lines.first { $0.kind == .fund })
            #expect(line.closing.fen == fund && line.opening.fen == opening, "day \(days)")
        }
        let later = try await world.read { try Book.trialBalance($0, on: first.adding(days: 30)) }
        #expect(later.first { $0.kind == .fund }?.opening.fen == 605)
        #expect(later.allSatisfy { $0.debit == .zero && $0.credit == .zero })
        #expect(try await world.verdict().findings == [])
    }

    // MARK: Proof

    private static let changes: [(changes: [SQL], finding: String)] = [
        (["UPDATE book_account SET balance_fen = 1001 WHERE id = 'fund'"], "fund is kept at 1001, not 600"),
        (["UPDATE book_account SET posting_count = 3 WHERE id = 'fund'"], "fund counts 3 postings, not 2"),
        (["UPDATE book_posting SET amount_fen = 1001 WHERE journal = 1 AND line = 1"], "does not come to zero"),
        (["UPDATE book_posting SET balance_fen = 7 WHERE journal = 2 AND line = 2"], "another balance with journal"),
        (["UPDATE book_posting SET seq = 9 WHERE journal = 1 AND line = 1"], "fund has a gap before journal 1"),
        (["UPDATE book_journal SET reason = 'x' WHERE number = 1"], "journal 1 has another digest"),
        (["UPDATE book_journal SET reference = 'x' WHERE number = 1"], "journal 1 has another digest"),
        (["UPDATE book_journal SET day = '2026-03-02' WHERE number = 1"], "the days of fund do not add up"),
        (
            [
                "DELETE FROM book_posting WHERE journal = 3",
                "UPDATE book_journal SET number = 9 WHERE number = 3",
            ],
            "journal 9 is not number 3"
        ),
        (
            ["DELETE FROM book_posting WHERE journal = 3", "DELETE FROM book_account WHERE id = 'advance:l1'"],
            "journal 3 has another digest"
        ),
        (["UPDATE book_head SET journal_count = 4 WHERE one = 1"], "the head counts 4 journals, there are 3"),
        (["DELETE FROM book_head WHERE one = 1"], "the head counts 0 journals, there are 3"),
        (["UPDATE book_day SET closing_fen = 1 WHERE kind = 'owner'"], "the days of owner do not add up"),
        (["DELETE FROM book_day WHERE kind = 'owner'"], "the days of owner do not add up"),
    ]

    @Test(arguments: changes.indices)
    func `whatever is changed behind the book's back is found`(index: Int) async throws {
        let (changes, finding) = Self.changes[index]
        let world = try await BookWorld(.sqlite)
        try await world.fund(1000)
        try await world.write { tx in
            try Book.openReceivable(tx, from: "org_a", for: "l1", Money(fen: 400), because("l1"))
            try Book.drawAdvance(tx, for: "l1", Money(fen: 400), because("l1"))
        }
        #expect(try await world.verdict().findings == [])
        try await world.write { _ = try $0.execute(all: changes) }
        let findings = try await world.verdict().findings
        #expect(findings.contains { $0.contains(finding) }, "\(findings)")
    }
}
