import Core
import Jobs
import Storage
import Support
import Testing

extension Visit {
    /// The buyer shows the code that came with the car, and holds the contract.
    func taking(_ warranty: String, _ buyer: String, _ dealer: String) async throws {
        let own = ["id": warranty]
        let code = try await call("issueHolderCode", Request(parameters: own, key: dealer, json: [:])).text("code")
        try await refuse("issueHolderCode", "invalid_request", Request(parameters: own, key: dealer, json: ["x": 1]))
        try await refuse("issueHolderCode", "not_found", Request(parameters: anyParameters, key: dealer, json: [:]))
        try await refuse("holdWarranty", "invalid_request", Request(key: buyer, json: [:]))
        try await refuse("holdWarranty", "holder_code_refused", Request(key: buyer, json: ["code": "x"]))
        try await tooLate(warranty, code, buyer)
        #expect(try await call("holdWarranty", Request(key: buyer, json: ["code": JSON(code)])).status == 201)
        try await refuse("holdWarranty", "holder_code_refused", Request(key: buyer, json: ["code": JSON(code)]))
        try await refuse("issueHolderCode", "contract_held", Request(parameters: own, key: dealer, json: [:]))
    }

    /// Somebody else has come to hold it while the code was on its way; a code that was refused is not used up.
    private func tooLate(_ warranty: String, _ code: String, _ buyer: String) async throws {
        _ = try await server.store.database.write { tx in
            try tx.execute(
                """
                INSERT INTO warranty_holding (warranty, holder, person, since)
                SELECT warranty, holder, 'usr_other', issued_at
                FROM holder_code
                WHERE warranty = \(warranty)
                """
            )
        }
        try await refuse("holdWarranty", "contract_held", Request(key: buyer, json: ["code": JSON(code)]))
        _ = try await server.store.database.write { tx in
            try tx.execute("DELETE FROM warranty_holding WHERE warranty = \(warranty)")
        }
    }

    func holding(_ cast: ClaimsCast) async throws {
        let held = try await call("listHeldWarranties", Request(key: cast.buyer))
        #expect(held.json["data"]?.arrayValue?.first?["warranty"] == JSON(cast.warranty))
        let known: HTTPClient.Headers = [("If-None-Match", try held.entityTag())]
        #expect(try await call("listHeldWarranties", Request(key: cast.buyer, headers: known)).status == 304)
        try await refuse("listHeldWarranties", "forbidden", Request(key: cast.dealer))
        let own = ["id": cast.dealerID]
        try await paging("listDealerNotices", own, cast.dealer)
        let told = try await call("listDealerNotices", Request(parameters: own, query: "limit=100", key: cast.dealer))
        let kinds = Set((told.json["data"]?.arrayValue ?? []).compactMap { $0["kind"]?.stringValue })
        #expect(kinds.isSuperset(of: ["claim.filed", "claim.liability_ruled", "advance.paid", "advance.received"]))
        try await refuse(
            "listDealerNotices",
            "invalid_query",
            Request(parameters: own, query: "claim=x", key: cast.dealer)
        )
        try await refuse("listDealerNotices", "not_found", Request(parameters: anyParameters, key: cast.dealer))
    }

    /// What finance and the administrator look after.
    func looking(_ cast: ClaimsCast) async throws {
        let finance = cast.finance.token
        let balance = try await call("getTrialBalance", Request(query: "date=2026-03-01", key: finance))
        let known: HTTPClient.Headers = [("If-None-Match", try balance.entityTag())]
        let again = Request(query: "date=2026-03-01", key: finance, headers: known)
        #expect(try await call("getTrialBalance", again).status == 304)
        try await refuse("getTrialBalance", "invalid_query", Request(query: "date=x", key: finance))
        let fund = ["account": "fund"]
        let account = try await call("getBookAccount", Request(parameters: fund, key: administrator))
        let seen: HTTPClient.Headers = [("If-None-Match", try account.entityTag())]
        let unchanged = Request(parameters: fund, key: administrator, headers: seen)
        #expect(try await call("getBookAccount", unchanged).status == 304)
        try await refuse("getBookAccount", "not_found", Request(parameters: ["account": "x"], key: finance))
        try await paging("listBookPostings", fund, finance)
        try await refuse("listBookPostings", "not_found", Request(parameters: ["account": "x"], key: finance))
        try await dying(finance)
    }

    private func dying(_ finance: String) async throws {
        let (dead, waiting) = try await server.store.database.write { tx in
            let dead = try Jobs.enqueue(tx, "claim.clock", key: "dead").job
            try tx.execute("UPDATE job SET state = 'dead', fault = 'the job names no claim' WHERE id = \(dead.text)")
            return (dead, try Jobs.enqueue(tx, "claim.clock", key: "waiting", dueAt: .distantFuture).job)
        }
        try await paging("listDeadJobs", [:], finance)
        try await call("retryJob", Request(parameters: ["job": dead.text], key: finance, json: [:]))
        let late = Request(parameters: ["job": waiting.text], key: finance, json: [:])
        try await refuse("retryJob", "job_state", late)
        try await refuse("retryJob", "job_not_found", Request(parameters: anyParameters, key: finance, json: [:]))
        let wrong = Request(parameters: ["job": dead.text], key: finance, json: ["x": 1])
        try await refuse("retryJob", "invalid_request", wrong)
    }
}

extension Instant {
    fileprivate static let distantFuture = Instant(milliseconds: 4_000_000_000_000)
}
