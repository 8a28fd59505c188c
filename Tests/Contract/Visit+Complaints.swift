import Core
import Support
import Testing

extension Visit {
    /// A complaint from the first word to the last, and another of the same cause.
    func complaining(_ cast: ClaimsCast) async throws {
        let (buyer, junior) = (cast.buyer, cast.junior.token)
        let draft: JSON = [
            "vin": JSON(Visit.vin), "dealer": JSON(cast.dealerID), "component": "发动机", "text": "发动机异响，没人理",
        ]
        let first = try await filed(draft, by: buyer)
        let second = try await filed(draft, by: buyer)
        try await refuseToFile(buyer, junior)
        let own = ["id": first]
        let read = try await call("getComplaint", Request(parameters: own, key: buyer))
        let known: HTTPClient.Headers = [("If-None-Match", try read.entityTag())]
        #expect(try await call("getComplaint", Request(parameters: own, key: buyer, headers: known)).status == 304)
        #expect(read.json["severity"] == nil && read.json["customer"] == nil)
        try await refuse("getComplaint", "complaint_not_found", Request(parameters: anyParameters, key: buyer))
        try await listing(first, cast)
        try await work(first, second, cast)
    }

    private func filed(_ draft: JSON, by key: String) async throws -> String {
        let answer = try await call("fileComplaint", Request(key: key, json: draft))
        #expect(answer.status == 201)
        return try answer.text("id")
    }

    private func refuseToFile(_ buyer: String, _ junior: String) async throws {
        try await refuse("fileComplaint", "invalid_request", Request(key: buyer, json: [:]))
        let unknown: JSON = ["text": "异响", "component": "不存在的部件"]
        try await refuse("fileComplaint", "claim_input_invalid", Request(key: buyer, json: unknown))
        try await refuse("fileComplaint", "claim_input_invalid", Request(key: junior, json: ["text": "异响"]))
    }

    private func listing(_ root: String, _ cast: ClaimsCast) async throws {
        try await paging("listComplaints", [:], cast.buyer)
        let junior = cast.junior.token
        let linked = try await call("listComplaints", Request(query: "root=\(root)", key: junior))
        #expect(linked.json["data"]?.arrayValue?.count == 2)
        try await call("listComplaints", Request(query: "handler=me", key: junior))
        try await call("listComplaints", Request(query: "dealer=\(cast.dealerID)", key: junior))
        try await refuse("listComplaints", "invalid_query", Request(query: "root=x", key: junior))
        try await refuse("listComplaints", "invalid_query", Request(query: "root=\(root)&handler=me", key: junior))
        let batches = try await call("listComplaintBatches", Request(key: junior))
        let known: HTTPClient.Headers = [("If-None-Match", try batches.entityTag())]
        #expect(try await call("listComplaintBatches", Request(key: junior, headers: known)).status == 304)
        try await refuse("listComplaintBatches", "forbidden", Request(key: cast.buyer))
    }

    private func work(_ first: String, _ second: String, _ cast: ClaimsCast) async throws {
        let (junior, senior, manager) = (cast.junior.token, cast.senior.token, cast.manager.token)
        func step(_ operation: String, _ key: String, _ json: JSON) async throws {
            try await self.step(operation, on: "getComplaint", first, key, json)
        }
        func refuse(_ operation: String, _ code: String, _ key: String, _ json: JSON) async throws {
            let own = ["id": first]
            let tag = try await call("getComplaint", Request(parameters: own, key: junior)).entityTag()
            let headers: HTTPClient.Headers = [("If-Match", tag)]
            try await self.refuse(operation, code, Request(parameters: own, key: key, headers: headers, json: json))
        }
        for operation in ["assignComplaint", "meetComplaintPromise", "noteComplaint", "linkComplaint"]
            + ["giveComplaintGoodwill", "closeComplaint"]
        {
            try await refuse(operation, "invalid_request", junior, [:])
            let nowhere = Request(parameters: anyParameters, key: junior, json: Visit.complaintWords[operation] ?? [:])
            try await self.refuse(operation, "complaint_not_found", nowhere)
        }
        try await refuse("assignComplaint", "claim_input_invalid", senior, ["to": "usr_x", "why": "改派"])
        let skilled: JSON = [
            "person": JSON(cast.manager.id), "role": "claims_manager", "skills": ["service"], "capacity": 10,
        ]
        #expect(try await call("employClaimHandler", Request(key: manager, json: skilled)).status == 204)
        try await step("assignComplaint", manager, ["to": JSON(cast.manager.id), "why": "接手"])
        try await refuse(
            "assignComplaint",
            "claim_other_person_needed",
            junior,
            ["to": JSON(cast.manager.id), "why": "x"]
        )
        try await refuse("meetComplaintPromise", "claim_input_invalid", junior, ["clock": "solution", "why": "x"])
        try await step("meetComplaintPromise", junior, ["clock": "complaint_callback", "why": "已回电"])
        try await step("noteComplaint", junior, ["why": "已联系商家"])
        try await refuse("linkComplaint", "claim_input_invalid", junior, ["to": JSON(second), "why": "同一起因"])
        try await self.step("linkComplaint", on: "getComplaint", second, junior, ["to": JSON(first), "why": "同一起因"])
        try await refuse("giveComplaintGoodwill", "claim_authority", junior, ["amount": money(1_000_000), "why": "x"])
        try await step("giveComplaintGoodwill", junior, ["amount": money(5_000), "why": "致歉"])
        try await refuse("closeComplaint", "claim_too_early", junior, ["why": "x"])
        try await step("meetComplaintPromise", junior, ["clock": "result_notice", "why": "已告知"])
        try await step("closeComplaint", junior, ["why": "客户认可"])
        for (operation, words) in Visit.complaintWords {
            try await refuse(operation, "complaint_closed", junior, words)
        }
    }

    private static let complaintWords: [String: JSON] = [
        "assignComplaint": ["to": "usr_x", "why": "x"],
        "meetComplaintPromise": ["clock": "complaint_callback", "why": "x"],
        "noteComplaint": ["why": "x"],
        "linkComplaint": ["to": "cmp_00000000000000000000000000", "why": "x"],
        "giveComplaintGoodwill": ["amount": ["amount": 1, "currency": "CNY"], "why": "x"],
        "closeComplaint": ["why": "x"],
    ]
}
