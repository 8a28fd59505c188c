import Accounts
import Core
import Support
import Testing

/// What may be posted at all, and what each event comes to.
@Suite struct JournalRulesTests {
    private func codes(_ draft: JournalDraft) -> [String] {
        do {
            try draft.validate()
            return []
        } catch let failure as Failure {
            #expect(failure.type == .journalRefused)
            return failure.faults.map { "\($0.pointer) \($0.code)" }
        } catch {
            return ["\(error)"]
        }
    }

    private func draft(_ postings: [Posting]) -> JournalDraft {
        JournalDraft(.funding, because("f1"), postings)
    }

    private static let amount = Money(fen: 100)

    @Test func `a journal that balances may be posted`() {
        #expect(codes(draft([.debit(.fund, Self.amount), .credit(.owner, Self.amount)])) == [])
    }

    @Test func `a journal that does not balance is refused`() {
        let short = Money(fen: 99)
        #expect(codes(draft([.debit(.fund, Self.amount), .credit(.owner, short)])) == ["/postings unbalanced"])
        let most = Money(fen: Money.maximumFen)
        #expect(codes(draft([.debit(.fund, most), .debit(.custody, most)])) == ["/postings unbalanced"])
    }

    @Test func `a journal has at least two postings, and not too many`() {
        #expect(codes(draft([])) == ["/postings count"])
        #expect(codes(draft([.debit(.fund, Self.amount)])) == ["/postings count", "/postings unbalanced"])
        let most = (1...8).flatMap { number -> [Posting] in
            [.debit(.advance(for: "l\(number)"), Self.amount), .credit(.payable(for: "l\(number)"), Self.amount)]
        }
        #expect(codes(draft(most)) == [])
        let more = most + [.debit(.fund, Self.amount), .credit(.owner, Self.amount)]
        #expect(codes(draft(more)) == ["/postings count"])
    }

    @Test func `an amount is neither zero nor beyond what JSON can say`() {
        #expect(
            codes(draft([.debit(.fund, .zero), .credit(.owner, .zero)])) == [
                "/postings/0 amount", "/postings/1 amount",
            ]
        )
        for fen in [Money.maximumFen + 1, .max] {
            let postings = [Posting(.fund, fen: fen), Posting(.owner, fen: -fen)]
            #expect(codes(draft(postings)) == ["/postings/0 amount", "/postings/1 amount"])
        }
        #expect(codes(draft([Posting(.fund, fen: .min), Posting(.owner, fen: 1)])) == ["/postings/0 amount"])
    }

    @Test func `an account stands in a journal once`() {
        let postings: [Posting] = [
            .debit(.fund, Self.amount), .debit(.fund, Self.amount), .credit(.owner, Money(fen: 200)),
        ]
        #expect(codes(draft(postings)) == ["/postings repeated_account"])
    }

    @Test func `an event has a reference, a reason and somebody who posts it`() {
        let postings: [Posting] = [.debit(.fund, Self.amount), .credit(.owner, Self.amount)]
        let nothing = JournalDraft(.funding, Occasion("", reason: "", by: ""), postings)
        #expect(codes(nothing) == ["/reference length", "/reason length", "/by length"])
        let long = String(repeating: "x", count: 1001)
        let much = JournalDraft(.funding, Occasion(long, reason: long, by: long), postings)
        #expect(codes(much) == ["/reference length", "/reason length", "/by length"])
    }

    @Test func `a reversal names what it reverses, and nothing else does`() {
        let postings: [Posting] = [.debit(.fund, Self.amount), .credit(.owner, Self.amount)]
        #expect(codes(JournalDraft(.reversal, because("1"), postings)) == ["/reverses reversal"])
        #expect(codes(JournalDraft(.funding, because("1"), postings, reverses: 1)) == ["/reverses reversal"])
    }

    // MARK: Names

    private static let names = """
        fund
        custody
        write_offs
        deposit:org_a
        receivable:org_a:clm_1.2
        advance:clm_1.2
        payable:clm_1.2
        """

    @Test(arguments: names.split(separator: "\n").map(String.init))
    func `a name is read as it is written`(text: String) throws {
        let name = try #require(AccountName(text))
        #expect(name.text == text)
    }

    @Test(arguments: [
        "", "bank", "fund:", "fund:org_a", "deposit", "deposit:", "deposit:a:b", "receivable:org_a", "receivable::x",
        "receivable:a:b:c", "payable:", "payable:a b", "payable:车", "advance:a:b",
    ])
    func `what is no name is refused`(text: String) {
        #expect(AccountName(text) == nil)
    }

    @Test func `a part that cannot be told apart is refused before it is posted`() {
        for part in ["", "a:b", "a b", "车", String(repeating: "x", count: 101)] {
            let postings: [Posting] = [.debit(.custody, Self.amount), .credit(.deposit(of: part), Self.amount)]
            #expect(codes(draft(postings)) == ["/postings/1 account"], "\(part)")
        }
    }

    // MARK: What each event comes to

    /// A debit has no sign.
    private static let events = """
        event        | postings
        deposit      | custody 100, deposit:d -100
        return       | deposit:d 100, custody -100
        funding      | fund 100, owner -100
        advance      | advance:l 100, fund -100
        opening      | receivable:d:l 100, payable:l -100
        fee          | receivable:d:l 100, fees -100
        payment      | payable:l 100, advance:l -100
        recovery     | fund 100, receivable:d:l -100
        depositDraw  | deposit:d 100, receivable:d:l -100, fund 100, custody -100
        writeOff     | write_offs 100, receivable:d:l -100
        overturn     | borne 130, receivable:d:l -100, deposit:d -30, custody 30, fund -30
        """

    @Test func `each event does to the book what the table says, and comes to zero`() throws {
        let amount = Self.amount
        let rules: [String: [Posting]] = [
            "deposit": PostingRules.deposit(by: "d", amount),
            "return": PostingRules.depositReturn(to: "d", amount),
            "funding": PostingRules.funding(amount),
            "advance": PostingRules.advance(for: "l", amount),
            "opening": PostingRules.opening(from: "d", for: "l", amount),
            "fee": PostingRules.fee(from: "d", for: "l", amount),
            "payment": PostingRules.payment(for: "l", amount),
            "recovery": PostingRules.recovery(from: "d", for: "l", amount),
            "depositDraw": PostingRules.depositDraw(from: "d", for: "l", amount),
            "writeOff": PostingRules.writeOff(of: "d", for: "l", amount),
            "overturn": try PostingRules.overturn(
                of: "d",
                for: "l",
                outstanding: amount,
                recovered: Money(fen: 30)
            ),
        ]
        let lines = Self.events.split(separator: "\n").dropFirst()
        #expect(lines.count == rules.count)
        for line in lines {
            let words = line.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
            let postings = try #require(rules[words[0]])
            #expect(postings.map { "\($0.account.text) \($0.fen)" }.joined(separator: ", ") == words[1])
            #expect(codes(draft(postings)) == [])
        }
    }

    @Test func `what is nothing is left out of an overturned ruling`() throws {
        let nothing = try PostingRules.overturn(of: "d", for: "l", outstanding: .zero, recovered: .zero)
        #expect(nothing == [])
        let outstanding = try PostingRules.overturn(of: "d", for: "l", outstanding: Self.amount, recovered: .zero)
        #expect(outstanding.map(\.account.kind) == [.borne, .receivable])
    }
}
