import Core
import Support
import Testing

// What a claim refuses, each where it would otherwise be done.
extension Visit {
    private static let evidence: JSON = [["kind": "inspection_report", "reference": "rpt-1"]]

    /// A step with everything that it takes, by somebody who may ask for it.
    private func words(_ cast: ClaimsCast) -> [(operation: String, key: String, json: JSON)] {
        let (junior, senior, finance) = (cast.junior.token, cast.senior.token, cast.finance.token)
        let later = JSON(server.store.clock.now().adding(seconds: 100_000))
        let line: JSON = [
            "id": "1", "kind": "part", "component": "engine.crank.crankshaft", "unit_price": money(20_000),
        ]
        let offer: JSON = ["id": "1", "asked": money(1), "approved": money(1), "reasons": []]
        let rejection: JSON = ["code": "misuse", "clause": "X", "evidence": Visit.evidence, "why": "x"]
        return [
            ("acknowledgeClaim", junior, ["why": "x"]), ("assignClaim", junior, ["to": "usr_x", "why": "x"]),
            ("assessClaim", junior, [:]), ("adjudicateClaim", junior, ["lines": [line], "authorization": "given"]),
            ("requestClaimInformation", junior, ["of": "buyer", "due_at": later, "why": "x"]),
            ("provideClaimInformation", cast.buyer, ["evidence": Visit.evidence, "why": "x"]),
            ("resumeClaim", junior, ["why": "x"]),
            ("ruleClaimLiability", senior, ["basis": "own_report", "evidence": Visit.evidence, "why": "x"]),
            ("contestClaimLiability", cast.dealer, ["evidence": Visit.evidence, "why": "x"]),
            ("proposeClaimSolution", junior, ["way": "payment", "valid_until": later, "lines": [offer]]),
            ("acceptClaimSolution", cast.buyer, [:]), ("disputeClaimSolution", cast.buyer, ["why": "x"]),
            ("sendBackClaim", junior, ["why": "x"]), ("approveClaim", junior, ["amount": money(1)]),
            ("startClaimRepair", junior, ["workshop": "org_w1"]),
            ("finishClaimRepair", junior, ["evidence": Visit.evidence]), ("startClaimPayment", finance, [:]),
            ("settleClaim", finance, ["reference": "x", "amount": money(1), "paid_by": "dealer"]),
            ("notifyClaimResult", junior, [:]), ("closeClaim", junior, [:]), ("rejectClaim", senior, rejection),
            ("appealClaim", cast.buyer, ["evidence": [], "why": "x"]), ("withdrawClaim", cast.buyer, [:]),
            ("addClaimEvidence", cast.buyer, ["evidence": Visit.evidence]), ("messageClaim", cast.dealer, ["why": "x"]),
        ]
    }

    /// - Parameter reading: the operation that gives the version which stands.
    func refuse(
        _ operation: String,
        _ code: String,
        on id: String,
        _ key: String,
        _ json: JSON,
        reading: String = "getClaim"
    ) async throws {
        let own = ["id": id]
        let tag = try await call(reading, Request(parameters: own, key: administrator)).entityTag()
        let headers: HTTPClient.Headers = [("If-Match", tag)]
        try await refuse(operation, code, Request(parameters: own, key: key, headers: headers, json: json))
    }

    /// Of a claim that was withdrawn nothing is asked any more, but that it goes on.
    func nothingLeft(_ withdrawn: String, _ cast: ClaimsCast) async throws {
        for step in words(cast) {
            try await refuse(step.operation, "claim_action_illegal", on: withdrawn, step.key, step.json)
        }
        let wish: JSON = ["head": "repair", "ground": "law"]
        let request = Request(parameters: ["id": withdrawn], key: cast.senior.token, json: wish)
        try await refuse("requestAdvance", "advance_illegal", request)
    }

    /// A claim that is being assessed, of an officer's own customer.
    func unsound(_ id: String, _ cast: ClaimsCast) async throws {
        let (junior, senior) = (cast.junior.token, cast.senior.token)
        let now = server.store.clock.now()
        let (past, later) = (JSON(now.adding(seconds: -60)), JSON(now.adding(seconds: 100_000)))
        try await refuse("reopenClaim", "claim_action_illegal", on: id, senior, ["why": "x"])
        let late: JSON = ["of": "buyer", "due_at": past, "why": "x"]
        try await refuse("requestClaimInformation", "claim_input_invalid", on: id, junior, late)
        let contest: JSON = ["evidence": Visit.evidence, "why": "x"]
        try await refuse("contestClaimLiability", "claim_input_invalid", on: id, cast.dealer, contest)
        try await refuse("addClaimEvidence", "claim_input_invalid", on: id, cast.buyer, ["evidence": []])
        let nobody: JSON = ["basis": "evidence", "shares": [], "evidence": Visit.evidence, "why": "x"]
        try await refuse("ruleClaimLiability", "ruling_invalid", on: id, senior, nobody)
        let offer: JSON = ["way": "payment", "valid_until": later]
        try await refuse("proposeClaimSolution", "claim_unassessed", on: id, junior, offer)
        let line: JSON = ["id": "1", "asked": money(1), "approved": money(1), "reasons": []]
        let old: JSON = ["way": "payment", "valid_until": past, "lines": [line]]
        try await refuse("proposeClaimSolution", "claim_input_invalid", on: id, junior, old)
        try await waiting(id, later, cast)
    }

    /// Asked of the buyer, it is not for the dealer to answer; and who has it need not be given it.
    private func waiting(_ id: String, _ later: JSON, _ cast: ClaimsCast) async throws {
        let (junior, senior) = (cast.junior.token, cast.senior.token)
        let question: JSON = ["of": "buyer", "due_at": later, "why": "请补充"]
        try await step("requestClaimInformation", on: "getClaim", id, junior, question)
        let answer: JSON = ["evidence": Visit.evidence, "why": "x"]
        try await refuse("provideClaimInformation", "claim_other_person_needed", on: id, cast.dealer, answer)
        try await step("resumeClaim", on: "getClaim", id, junior, ["why": "不再需要"])
        let mine: JSON = ["to": JSON(cast.senior.id), "why": "接手"]
        try await step("assignClaim", on: "getClaim", id, senior, mine)
        try await refuse("assignClaim", "claim_input_invalid", on: id, senior, mine)
        try await refuse("assignClaim", "claim_reason_missing", on: id, senior, ["to": "usr_x"])
    }

    /// Who has sold him the car, or looked at it, settles nothing of it.
    func involved(_ cast: ClaimsCast) async throws {
        let (junior, senior) = (cast.junior.token, cast.senior.token)
        let draft: JSON = [
            "warranty": JSON(cast.warranty), "odometer_km": 45_100, "noticed_on": "2026-03-01", "symptom": "异响",
            "adviser": JSON(cast.senior.id), "inspector": JSON(cast.junior.id),
        ]
        let id = try await call("fileClaim", Request(key: junior, json: draft)).text("id")
        try await step("acknowledgeClaim", on: "getClaim", id, junior, ["why": "已联系"])
        try await step("assessClaim", on: "getClaim", id, junior, [:])
        let all = words(cast)
        for (operation, key) in [
            ("ruleClaimLiability", senior), ("rejectClaim", senior), ("proposeClaimSolution", junior),
        ] {
            let json = all.first { $0.operation == operation }?.json ?? [:]
            try await refuse(operation, "claim_authority", on: id, key, json)
        }
        // Nobody has found out which part it is.
        let lines = all.first { $0.operation == "adjudicateClaim" }?.json ?? [:]
        try await refuse("adjudicateClaim", "adjudication_invalid", on: id, junior, lines)
        try await step("withdrawClaim", on: "getClaim", id, cast.buyer, [:])
    }

    /// An offer that is too old, too much for one, or another one than was approved.
    func offered(_ id: String, _ cast: ClaimsCast) async throws {
        let (junior, senior) = (cast.junior.token, cast.senior.token)
        func propose(_ fen: Int64, seconds: Int64) async throws {
            let until = JSON(server.store.clock.now().adding(seconds: seconds))
            let line: JSON = ["id": "1", "asked": money(fen), "approved": money(fen), "reasons": []]
            let offer: JSON = ["way": "payment", "valid_until": until, "lines": [line]]
            try await step("proposeClaimSolution", on: "getClaim", id, junior, offer)
        }
        try await propose(60_000, seconds: 1)
        server.store.clock.advance(seconds: 2)
        try await refuse("acceptClaimSolution", "claim_offer_expired", on: id, cast.buyer, [:])
        try await step("sendBackClaim", on: "getClaim", id, junior, ["why": "过期"])
        try await propose(60_000, seconds: 100_000)
        try await step("acceptClaimSolution", on: "getClaim", id, cast.buyer, [:])
        try await refuse("approveClaim", "claim_authority", on: id, junior, ["amount": money(60_000)])
        try await refuse("approveClaim", "claim_amount_wrong", on: id, senior, ["amount": money(1)])
        try await step("sendBackClaim", on: "getClaim", id, junior, ["why": "重新核价"])
    }

    /// An appeal is heard by somebody else, and once.
    func denied(_ id: String, _ cast: ClaimsCast) async throws {
        let rejection = words(cast).first { $0.operation == "rejectClaim" }?.json ?? [:]
        try await refuse("rejectClaim", "claim_other_person_needed", on: id, cast.senior.token, rejection)
        try await step("rejectClaim", on: "getClaim", id, cast.manager.token, rejection)
        let appeal: JSON = ["evidence": [], "why": "x"]
        try await refuse("appealClaim", "claim_appeal_closed", on: id, cast.buyer, appeal)
        try await refuse("closeClaim", "claim_too_early", on: id, cast.junior.token, [:])
        try await step("notifyClaimResult", on: "getClaim", id, cast.junior.token, [:])
        try await refuse("notifyClaimResult", "claim_input_invalid", on: id, cast.junior.token, [:])
    }

    /// An advance of which nothing is asked any more, and amounts that are too much for one that is being recovered.
    func overpaid(_ advance: String, _ cast: ClaimsCast) async throws {
        let (finance, senior) = (cast.finance.token, cast.senior.token)
        func refuse(_ operation: String, _ code: String, _ key: String, _ json: JSON) async throws {
            try await self.refuse(operation, code, on: advance, key, json, reading: "getAdvance")
        }
        let much = money(9_000_000)
        try await refuse("recoverAdvance", "claim_amount_wrong", finance, ["reference": "x", "amount": much])
        try await refuse("writeOffAdvance", "claim_authority", senior, ["amount": much, "why": "x"])
        try await refuse("writeOffAdvance", "claim_amount_wrong", senior, ["amount": money(900_000), "why": "x"])
        try await refuse("overturnAdvance", "claim_amount_wrong", senior, ["dealers_part": much, "why": "x"])
        try await refuse("approveAdvance", "advance_illegal", cast.manager.token, [:])
        try await refuse("cancelAdvance", "advance_illegal", senior, [:])
    }

    func cancelled(_ advance: String, _ cast: ClaimsCast) async throws {
        let (finance, senior, manager) = (cast.finance.token, cast.senior.token, cast.manager.token)
        let steps: [(String, String, JSON)] = [
            ("payAdvance", finance, ["reference": "x"]), ("planAdvance", finance, ["parts": 3]),
            ("recoverAdvance", finance, ["reference": "x", "amount": money(1)]), ("suspendForAdvance", manager, [:]),
            ("writeOffAdvance", senior, ["amount": money(1), "why": "x"]),
            ("overturnAdvance", senior, ["dealers_part": money(1), "why": "x"]),
        ]
        for (operation, key, json) in steps {
            try await refuse(operation, "advance_illegal", on: advance, key, json, reading: "getAdvance")
        }
    }
}
