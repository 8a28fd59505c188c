import Core
import Support
import Testing

// What an advance refuses where everything else about it is right.
extension Visit {
    /// Too much for one person, for the fund, and at last for what the claim has left to pay.
    func exhausting(_ cast: ClaimsCast) async throws {
        let (id, advance) = try await large(cast)
        let (senior, finance) = (cast.senior.token, cast.finance.token)
        func refuse(_ operation: String, _ code: String, _ key: String, _ json: JSON = [:]) async throws {
            try await self.refuse(operation, code, on: advance, key, json, reading: "getAdvance")
        }
        try await refuse("approveAdvance", "claim_authority", cast.junior.token)
        try await step("approveAdvance", on: "getAdvance", advance, senior, [:])
        // The second of two is another person.
        try await refuse("approveAdvance", "claim_authority", senior)
        // A manager's to do, and the program's.
        for operation in ["suspendForAdvance", "liftForAdvance"] {
            try await refuse(operation, "advance_illegal", senior)
        }
        try await step("approveAdvance", on: "getAdvance", advance, cast.manager.token, [:])
        let transfer: JSON = ["reference": "bank-8"]
        try await refuse("payAdvance", "fund_exhausted", finance, transfer)
        let settlements: [(reference: String, fen: Int64, code: String)] = [
            ("dealer-1", 1, "claim_amount_wrong"), ("dealer-2", 998_999, "claim_action_illegal"),
        ]
        for (reference, fen, code) in settlements {
            let payment: JSON = ["reference": JSON(reference), "amount": money(fen), "paid_by": "dealer"]
            try await step("settleClaim", on: "getClaim", id, finance, payment)
            try await refuse("payAdvance", code, finance, transfer)
        }
        try await step("cancelAdvance", on: "getAdvance", advance, senior, [:])
    }

    /// A claim that is nearly all of the fund, the dealer's to pay, and what is to be paid in its place.
    private func large(_ cast: ClaimsCast) async throws -> (claim: String, advance: String) {
        let (senior, fen) = (cast.senior.token, Int64(999_000))
        let id = try await assessing(cast)
        let report: JSON = [["kind": "inspection_report", "reference": "rpt-1"]]
        let steps: [(operation: String, key: String, json: JSON)] = [
            ("ruleClaimLiability", senior, ["basis": "own_report", "evidence": report, "why": "整备报告写明正常"]),
            ("proposeClaimSolution", cast.junior.token, offer("payment", fen)),
            ("acceptClaimSolution", cast.buyer, [:]),
            ("approveClaim", cast.manager.token, ["amount": money(fen)]),
            ("startClaimPayment", cast.finance.token, [:]),
        ]
        for step in steps { try await self.step(step.operation, on: "getClaim", id, step.key, step.json) }
        let wish = Request(parameters: ["id": id], key: senior, json: ["head": "other", "ground": "law"])
        return (id, try await call("requestAdvance", wish).text("id"))
    }
}
