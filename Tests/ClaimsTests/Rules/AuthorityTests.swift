import Claims
import Core
import Support
import Testing

struct AuthorityTests {
    /// `2` stands for two people; amounts in yuan.
    static let table = TextTable(
        """
        level        | deed      | yuan   | today  | outcome
        junior       | approval  | 500    | 0      | 1
        junior       | approval  | 501    | 0      | above_claim_limit>intermediate
        junior       | approval  | 3001   | 0      | above_claim_limit>senior
        junior       | approval  | 10001  | 0      | above_claim_limit>manager
        junior       | approval  | 500    | 1500   | 1
        junior       | approval  | 500    | 1501   | above_day_limit>intermediate
        intermediate | approval  | 3000   | 0      | 1
        intermediate | approval  | 3000   | 9001   | above_day_limit>senior
        senior       | approval  | 10000  | 0      | 1
        senior       | approval  | 10000  | 40001  | above_day_limit>manager
        manager      | approval  | 50000  | 0      | 1
        manager      | approval  | 50000  | 150001 | above_day_limit>manager
        manager      | approval  | 50001  | 0      | 2
        manager      | approval  | 300000 | 200000 | 2
        senior       | approval  | 50001  | 0      | top_band>manager
        junior       | approval  | 0      | 0      | amount_not_positive>-
        -            | approval  | 100    | 0      | no_level>junior
        junior       | goodwill  | 100    | 0      | 1
        junior       | goodwill  | 101    | 0      | above_claim_limit>intermediate
        manager      | goodwill  | 5000   | 0      | 1
        manager      | goodwill  | 5001   | 0      | 2
        senior       | advance   | 5000   | 0      | 1
        senior       | advance   | 5001   | 0      | 2
        manager      | advance   | 60000  | 0      | 2
        senior       | write_off | 10000  | 0      | 1
        senior       | write_off | 10001  | 0      | above_claim_limit>manager
        """
    )

    @Test(arguments: table.rows) func `limits by level, deed and day`(_ row: TextTable.Row) throws {
        let question = AuthorityQuestion(
            try #require(Deed(rawValue: row["deed"])),
            fen(yuan: try #require(Int64(row["yuan"]))),
            by: person(AuthorityLevel(rawValue: row["level"])),
            at: china("2026-03-02 09:00"),
            decidedToday: fen(yuan: try #require(Int64(row["today"])))
        )
        #expect(text(AuthorityTable.proposal2026.decide(question)) == row["outcome"])
    }

    private func person(_ level: AuthorityLevel?, until: String? = "2026-12-31") -> AuthorityQuestion.Person {
        AuthorityQuestion.Person(id: "usr_1", level: level, certifiedUntil: until.map(day))
    }

    private func text(_ decision: AuthorityDecision) -> String {
        switch decision {
        case .allowed(let signatures): "\(signatures)"
        case .refused(let refusal): "\(refusal.code.rawValue)>\(refusal.routedTo?.rawValue ?? "-")"
        }
    }

    private func decide(_ change: (inout AuthorityQuestion) -> Void) -> String {
        var question = AuthorityQuestion(
            .approval,
            fen(yuan: 100),
            by: person(.senior),
            at: china("2026-03-02 09:00")
        )
        change(&question)
        return text(AuthorityTable.proposal2026.decide(question))
    }

    @Test func `a certificate has to be there and counts through its last day`() {
        #expect(decide { $0.who = person(.senior, until: nil) } == "certificate_missing>-")
        #expect(decide { $0.who = person(.senior, until: "2026-03-02") } == "1")
        #expect(decide { $0.who = person(.senior, until: "2026-03-01") } == "certificate_expired>-")
        // In China it is the next day.
        #expect(
            decide {
                $0.who = person(.senior, until: "2026-03-02")
                $0.at = Instant(rfc3339: "2026-03-02T16:00:00Z")!
            } == "certificate_expired>-"
        )
    }

    @Test func `nobody decides on an own customer, inspection or denial, or signs twice`() {
        #expect(decide { $0.adviser = "usr_1" } == "own_customer>-")
        #expect(decide { $0.inspector = "usr_1" } == "own_inspection>-")
        #expect(decide { $0.deniers = ["usr_1"] } == "own_denial>-")
        #expect(decide { $0.signers = ["usr_1"] } == "signed_already>-")
        #expect(decide { $0.adviser = "usr_2" } == "1")
    }

    @Test func `a claim brings what it knows`() throws {
        var claim = Claim.filed()
        try claim.take(.answer, by: .junior)
        try claim.take(.assess, by: .junior)
        try claim.take(.propose(.sample(yuan: 480)), by: .junior)
        let who = AuthorityQuestion.Person(id: "usr_adviser", level: .manager, certifiedUntil: day("2027-01-01"))
        let question = claim.authorityQuestion(by: who, at: china("2026-03-02 10:00"), decidedToday: .zero)
        #expect(question.amount == fen(yuan: 480))
        #expect(text(AuthorityTable.proposal2026.decide(question)) == "own_customer>-")
    }

    @Test func `a higher level never may less`() {
        let table = AuthorityTable.proposal2026
        for deed in Deed.allCases {
            let limits = AuthorityLevel.allCases.map { table.claimLimit(deed, $0) }
            #expect(limits == limits.sorted() && limits[0] > .zero)
        }
        #expect(AuthorityLevel.allCases.map(\.next) == [.intermediate, .senior, .manager, nil])
    }

    @Test func `a refusal can be recorded, and names the table`() {
        for code in AuthorityRefusal.Code.allCases { #expect(!code.text.zh.isEmpty && !code.text.en.isEmpty) }
        guard
            case .refused(let refusal) = AuthorityTable.proposal2026.decide(
                AuthorityQuestion(.approval, fen(yuan: 900), by: person(.junior), at: china("2026-03-02 09:00"))
            )
        else {
            Issue.record("it was allowed")
            return
        }
        #expect(refusal.json["code"] == "above_claim_limit")
        #expect(refusal.json["routed_to"] == "intermediate")
        #expect(refusal.json["table"] == "authority-2026-1")
        #expect(AuthorityTable.proposal2026.source.basis == .ownProposal)
        #expect(AuthorityTable.schedule.edition(on: day("2026-03-01")) == .proposal2026)
    }
}
