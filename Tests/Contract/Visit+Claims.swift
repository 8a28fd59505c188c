import Core
import Identity
import People
import Support
import Testing
import Web

/// The people and the car of a walk through claims.
struct ClaimsCast {
    let junior: Visit.Staff
    let senior: Visit.Staff
    let manager: Visit.Staff
    let finance: Visit.Staff
    let buyer: String
    let dealer: String
    let dealerID: String
    let warranty: String
}

extension Visit {
    /// Claims from the first word to the last fen, with everybody who has a part in them.
    func claims() async throws {
        let cast = try await cast()
        try await team(cast)
        let advanced = try await advancing(cast)
        try await closing(advanced, cast)
        try await repairing(cast)
        try await exhausting(cast)
        try await rejecting(cast)
        try await involved(cast)
        try await complaining(cast)
        try await holding(cast)
        try await looking(cast)
        try await figures(cast)
        server.store.clock.advance(seconds: 60)
    }

    /// Somebody of the platform's own in this role, with the certificate that it takes.
    func claimsStaff(_ role: String) async throws -> Staff {
        let me = try await call("getMe", Request(key: administrator))
        let platform = try #require(me.json["organization"]?["id"]?.stringValue)
        let scopes = Role(rawValue: role).map { StaffRoles.scopes(of: $0).names } ?? []
        let login = "\(role.replacing("_", with: "."))@claims.example.com"
        let staff = try await joining(platform, login, as: role, scopes: scopes)
        guard role != "finance" else { return staff }
        let level = String(role.dropFirst("claims_".count))
        let certificate: JSON = [
            "kind": "claims", "level": JSON(level), "number": "CX-9", "issued_on": "2026-01-01",
            "expires_on": "2027-12-31",
        ]
        let one = ["id": platform, "person": staff.id]
        try await call("grantCertificate", Request(parameters: one, key: administrator, json: certificate))
        return staff
    }

    /// The money that buyers are paid from, and what the dealer left: told twice, it comes once.
    private func funding(_ finance: String, _ dealer: String) async throws {
        func transfer(_ fen: Int64) -> JSON { ["reference": "bank-0", "amount": money(fen), "why": "注资"] }
        let transfers: [(String, [String: String], Int64)] = [
            ("fundAdvances", [:], 1_000_000), ("takeDealerDeposit", ["id": dealer], 5_000),
        ]
        for (operation, own, fen) in transfers {
            func request(_ json: JSON) -> Request { Request(parameters: own, key: finance, json: json) }
            for _ in 0..<2 { try await call(operation, request(transfer(fen))) }
            try await refuse(operation, "journal_differs", request(transfer(1)))
            try await refuse(operation, "invalid_request", request([:]))
        }
        let nowhere = Request(parameters: anyParameters, key: finance, json: transfer(1))
        try await refuse("takeDealerDeposit", "not_found", nowhere)
    }

    /// - Returns: the token of a buyer who has signed in.
    func buyer(_ phone: String) async throws -> String {
        try await call("sendBuyerCode", Request(json: ["login": JSON(phone)]))
        let code = JSON(try server.channel.secret(.signInCode))
        return try await call("signInBuyer", Request(json: ["login": JSON(phone), "code": code])).text("token")
    }

    func cast() async throws -> ClaimsCast {
        // Finance first: once there is an administrator who has signed in, it takes a second yes.
        let finance = try await claimsStaff("finance")
        let junior = try await claimsStaff("claims_junior")
        // The door is narrow: so many come in a minute.
        server.store.clock.advance(seconds: 60)
        let senior = try await claimsStaff("claims_senior")
        let manager = try await claimsStaff("claims_manager")
        server.store.clock.advance(seconds: 60)
        let dealer = try await dealership("理赔车行", "91330106MACLA1MX5A")
        let dealerID = try #require(
            try await call("getMe", Request(key: dealer)).json["organization"]?["id"]?.stringValue
        )
        // A car of its own: what is claimed for is read off the clock.
        let car = (Visit.warrantedCar.members ?? []).map {
            $0.name == "vin" ? JSON.Member("vin", "LSVAU2A34N2183294") : $0
        }
        let quote = try await call("createWarrantyQuote", Request(key: dealer, json: .object(car)))
        let basic = quote.json["offers"]?.arrayValue?.first { $0["plan"] == "basic" }
        let sale: JSON = [
            "quote": JSON(try quote.text("id")), "tier": "basic", "delivered_on": "2026-03-01", "odometer_km": 45_000,
            "holder": "C-2026-0018", "acknowledged": [try #require(basic?["wording_hash"])], "is_paid": true,
        ]
        let sold = try await call("issueWarranty", Request(key: dealer, json: sale))
        try await funding(finance.token, dealerID)
        let warranty = try sold.text("id")
        let buyer = try await buyer("13700137000")
        try await taking(warranty, buyer, dealer)
        return ClaimsCast(
            junior: junior,
            senior: senior,
            manager: manager,
            finance: finance,
            buyer: buyer,
            dealer: dealer,
            dealerID: dealerID,
            warranty: warranty
        )
    }

    // MARK: Small words

    func money(_ fen: Int64) -> JSON { ["amount": .integer(fen), "currency": "CNY"] }

    private var photo: JSON { [["kind": "photo", "reference": "9f2c0a51"]] }

    private func later(hours: Int64) -> JSON { JSON(server.store.clock.now().adding(seconds: hours * 3600)) }

    /// A step on a claim, first without saying which version it is meant for.
    @discardableResult
    private func step(_ operation: String, _ id: String, _ key: String, _ json: JSON = [:]) async throws -> Answer {
        try await step(operation, on: "getClaim", id, key, json)
    }

    @discardableResult
    func step(
        _ operation: String,
        on reading: String,
        _ id: String,
        _ key: String,
        _ json: JSON
    ) async throws -> Answer {
        let own = ["id": id]
        try await refuse(operation, "precondition_required", Request(parameters: own, key: key, json: json))
        let stale: HTTPClient.Headers = [("If-Match", "\"v0-00000000\"")]
        try await refuse(
            operation,
            "precondition_failed",
            Request(parameters: own, key: key, headers: stale, json: json)
        )
        let tag = try await call(reading, Request(parameters: own, key: administrator)).entityTag()
        let headers: HTTPClient.Headers = [("If-Match", tag)]
        return try await call(operation, Request(parameters: own, key: key, headers: headers, json: json))
    }

    func file(_ cast: ClaimsCast) async throws -> String {
        let draft: JSON = [
            "warranty": JSON(cast.warranty), "component": "曲轴", "odometer_km": 45_100, "noticed_on": "2026-03-01",
            "symptom": "怠速异响，机油灯亮", "evidence": photo,
        ]
        try await refuse("fileClaim", "invalid_request", Request(key: cast.buyer, json: [:]))
        let late = JSON.object(
            (draft.members ?? []).map { $0.name == "noticed_on" ? .init("noticed_on", "2030-01-01") : $0 }
        )
        try await refuse("fileClaim", "claim_input_invalid", Request(key: cast.buyer, json: late))
        let filed = try await call("fileClaim", Request(key: cast.buyer, json: draft))
        #expect(filed.status == 201)
        return try filed.text("id")
    }

    /// Answered, and being assessed.
    func assessing(_ cast: ClaimsCast) async throws -> String {
        let id = try await file(cast)
        try await step("acknowledgeClaim", id, cast.junior.token, ["why": "已电话联系买方"])
        try await step("assessClaim", id, cast.junior.token)
        return id
    }

    func offer(_ way: String, _ fen: Int64) -> JSON {
        [
            "way": JSON(way), "valid_until": later(hours: 100),
            "lines": [["id": "1", "asked": money(fen + 100), "approved": money(fen), "reasons": ["part_price"]]],
        ]
    }

    private func accepted(_ id: String, _ way: String, _ fen: Int64, _ cast: ClaimsCast) async throws {
        try await step("proposeClaimSolution", id, cast.junior.token, offer(way, fen))
        try await step("acceptClaimSolution", id, cast.buyer)
        try await step("approveClaim", id, cast.junior.token, ["amount": money(fen)])
    }

    // MARK: The walk

    private func team(_ cast: ClaimsCast) async throws {
        let manager = cast.manager.token
        let work: JSON = [
            "person": JSON(cast.junior.id), "role": "claims_junior", "skills": ["powertrain", "warranty"],
            "capacity": 10,
        ]
        #expect(try await call("employClaimHandler", Request(key: manager, json: work)).status == 204)
        try await refuse("employClaimHandler", "invalid_request", Request(key: manager, json: [:]))
        let person = ["person": cast.junior.id]
        let days: JSON = ["first_day": "2026-10-01", "last_day": "2026-10-08"]
        try await call("grantClaimVacation", Request(parameters: person, key: manager, json: days))
        try await refuse("grantClaimVacation", "invalid_request", Request(parameters: person, key: manager, json: [:]))
        let team = try await call("listClaimTeam", Request(key: manager))
        #expect(team.json["data"]?.arrayValue?.count == 1)
        try await refuse("listClaimTeam", "forbidden", Request(key: cast.dealer))
    }

    private func figures(_ cast: ClaimsCast) async throws {
        try await call("getClaimFigures", Request(key: cast.manager.token))
        try await refuse("getClaimFigures", "forbidden", Request(key: cast.dealer))
        try await call("listClaims", Request(query: "state=closed", key: cast.manager.token))
        try await refuse("listClaims", "invalid_query", Request(query: "state=x", key: cast.manager.token))
        let own = ["id": cast.dealerID]
        try await call("getDealerDeposit", Request(parameters: own, key: cast.dealer))
        try await refuse("getDealerDeposit", "not_found", Request(parameters: anyParameters, key: cast.dealer))
    }

    /// Asked, answered, ruled, contested, disputed, sent back: and then paid in the dealer's place.
    private func advancing(_ cast: ClaimsCast) async throws -> String {
        let id = try await assessing(cast)
        let (junior, senior) = (cast.junior.token, cast.senior.token)
        try await unsound(id, cast)
        try await offered(id, cast)
        try await talking(id, cast)
        let report: JSON = [["kind": "inspection_report", "reference": "rpt-1"]]
        let ruling: JSON = ["basis": "own_report", "evidence": report, "why": "整备报告写明正常"]
        try await step("ruleClaimLiability", id, senior, ruling)
        try await step("contestClaimLiability", id, cast.dealer, ["evidence": report, "why": "另有检测记录"])
        try await step("ruleClaimLiability", id, cast.manager.token, ruling)
        let part: JSON = [
            "id": "1", "kind": "part", "component": "engine.crank.crankshaft", "unit_price": money(20_000),
        ]
        try await step("adjudicateClaim", id, junior, ["lines": [part], "authorization": "given"])
        try await step("proposeClaimSolution", id, junior, offer("payment", 48_000))
        try await step("disputeClaimSolution", id, cast.buyer, ["why": "金额不足"])
        try await step("assessClaim", id, junior)
        try await step("proposeClaimSolution", id, junior, offer("payment", 48_000))
        try await step("sendBackClaim", id, junior, ["why": "重新核价"])
        try await accepted(id, "payment", 48_000, cast)
        let workshop: JSON = ["workshop": "org_w1"]
        try await refuse("startClaimRepair", "claim_input_invalid", on: id, cast.junior.token, workshop)
        try await step("startClaimPayment", id, cast.finance.token)
        let much: JSON = ["reference": "x", "amount": money(48_001), "paid_by": "platform"]
        try await refuse("settleClaim", "claim_amount_wrong", on: id, cast.finance.token, much)
        try await paying(id, cast)
        return id
    }

    private func talking(_ id: String, _ cast: ClaimsCast) async throws {
        let junior = cast.junior.token
        let own = ["id": id]
        let read = try await call("getClaim", Request(parameters: own, key: cast.buyer))
        let known: HTTPClient.Headers = [("If-None-Match", try read.entityTag())]
        #expect(try await call("getClaim", Request(parameters: own, key: cast.buyer, headers: known)).status == 304)
        try await refuse("getClaim", "claim_not_found", Request(parameters: anyParameters, key: cast.buyer))
        for key in [cast.buyer, cast.dealer, junior] {
            try await call("getClaimTimeline", Request(parameters: own, key: key))
        }
        try await refuse("getClaimTimeline", "claim_not_found", Request(parameters: anyParameters, key: cast.buyer))
        let question: JSON = ["of": "buyer", "due_at": later(hours: 24), "why": "请补充行驶证照片"]
        try await step("requestClaimInformation", id, junior, question)
        try await step("provideClaimInformation", id, cast.buyer, ["evidence": photo, "why": "见照片"])
        try await step("requestClaimInformation", id, junior, question)
        try await step("resumeClaim", id, junior, ["why": "不再需要"])
        try await step("addClaimEvidence", id, cast.buyer, ["evidence": photo])
        try await step("noteClaim", id, junior, ["why": "已联系维修厂"])
        try await step("messageClaim", id, cast.dealer, ["why": "我们会配合"])
        try await step("assignClaim", id, cast.manager.token, ["to": JSON(cast.manager.id), "why": "接手"])
    }

    /// The platform pays, and gets some of it back.
    private func paying(_ id: String, _ cast: ClaimsCast) async throws {
        let (senior, manager, finance) = (cast.senior.token, cast.manager.token, cast.finance.token)
        let own = ["id": id]
        let wish: JSON = ["head": "other", "ground": "law"]
        let much: JSON = ["head": "other", "ground": "law", "amount": money(9_000_000)]
        try await refuse("requestAdvance", "claim_amount_wrong", Request(parameters: own, key: senior, json: much))
        try await refuse("requestAdvance", "invalid_request", Request(parameters: own, key: senior, json: [:]))
        let asked = try await call("requestAdvance", Request(parameters: own, key: senior, json: wish))
        try await refuse("requestAdvance", "advance_exists", Request(parameters: own, key: senior, json: wish))
        let advance = try asked.text("id")
        let read = try await call("getAdvance", Request(parameters: ["id": advance], key: cast.dealer))
        let known: HTTPClient.Headers = [("If-None-Match", try read.entityTag())]
        let unchanged = Request(parameters: ["id": advance], key: cast.dealer, headers: known)
        #expect(try await call("getAdvance", unchanged).status == 304)
        try await refuse("getAdvance", "claim_not_found", Request(parameters: anyParameters, key: cast.dealer))
        try await call("listAdvances", Request(query: "stage=requested", key: cast.dealer))
        try await refuse("listAdvances", "invalid_query", Request(query: "stage=x", key: cast.dealer))
        func take(_ operation: String, _ key: String, _ json: JSON = [:]) async throws {
            try await step(operation, on: "getAdvance", advance, key, json)
        }
        try await take("approveAdvance", manager)
        try await take("payAdvance", finance, ["reference": "bank-1"])
        try await overpaid(advance, cast)
        try await take("recoverAdvance", finance, ["reference": "bank-2", "amount": money(10_000)])
        try await take("planAdvance", finance, ["parts": 3])
        try await take("suspendForAdvance", manager)
        try await take("liftForAdvance", manager)
        try await take("writeOffAdvance", senior, ["amount": money(1_000), "why": "小额"])
        try await take("overturnAdvance", senior, ["dealers_part": money(5_000), "why": "申诉改判"])
    }

    private func closing(_ id: String, _ cast: ClaimsCast) async throws {
        try await step("notifyClaimResult", id, cast.junior.token)
        try await step("closeClaim", id, cast.junior.token)
        try await step("reopenClaim", id, cast.senior.token, ["why": "故障再次出现"])
    }

    private func repairing(_ cast: ClaimsCast) async throws {
        let id = try await assessing(cast)
        let evidence: JSON = [["kind": "inspection_report", "reference": "rpt-1"]]
        let ruling: JSON = ["basis": "own_report", "evidence": evidence, "why": "整备报告写明正常"]
        try await step("ruleClaimLiability", id, cast.senior.token, ruling)
        try await accepted(id, "repair", 30_000, cast)
        try await refuse("startClaimPayment", "claim_input_invalid", on: id, cast.finance.token, [:])
        try await step("startClaimRepair", id, cast.junior.token, ["workshop": "org_w1"])
        try await step("finishClaimRepair", id, cast.junior.token, ["evidence": photo])
        let wish: JSON = ["head": "repair", "ground": "law"]
        let asked = try await call(
            "requestAdvance",
            Request(parameters: ["id": id], key: cast.senior.token, json: wish)
        )
        let cancelled = try asked.text("id")
        try await step("cancelAdvance", on: "getAdvance", cancelled, cast.senior.token, [:])
        try await self.cancelled(cancelled, cast)
        let payment: JSON = ["reference": "bank-9", "amount": money(30_000), "paid_by": "dealer"]
        try await step("settleClaim", id, cast.finance.token, payment)
    }

    private func rejecting(_ cast: ClaimsCast) async throws {
        let id = try await assessing(cast)
        let rejection: JSON = [
            "code": "external_cause", "clause": "X-EXTERNAL", "evidence": photo, "why": "涉水造成",
        ]
        try await step("rejectClaim", id, cast.senior.token, rejection)
        try await step("appealClaim", id, cast.buyer, ["evidence": [], "why": "不是涉水"])
        try await denied(id, cast)
        let other = try await file(cast)
        try await step("withdrawClaim", other, cast.buyer)
        try await nothingLeft(other, cast)
    }
}
