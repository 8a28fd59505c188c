import Core
import Foundation
import Support
import Testing

/// A real process that is killed at any moment while a dealer's debt is advanced to its buyer and recovered.
///
/// Whoever asks repeats what he asked, with the same key, until he is answered. The oracle: at the end everything has
/// happened once, as the advance, the claim, the book and the car's history say it, and an answer that was given once
/// is given again.
@Suite(.serialized) struct AdvanceKillTests {
    private static let isLong = ProcessInfo.processInfo.environment["CHEXIN_TEST_LONG"] != nil
    private static let rounds = isLong ? 40 : 3
    private static let amount: Int64 = 30_000
    private static let deposit: Int64 = 1_000
    private static let first: Int64 = 10_000
    private static let triesMaximum = 20
    /// About twice as long as a step takes, so that some are cut off and others are not.
    private static let patienceMilliseconds = 50

    @Test(.timeLimit(.minutes(60)))
    func `an advance is paid once and recovered once, however often the server is killed`() async throws {
        let house = try await ClaimHouse.open()
        var random = SeededRandom(seed: 20_261_122)
        try await transfer(house, "/v1/book/fundings", "fund", 1_000_000)
        for round in 0..<Self.rounds {
            try await house.stepUp()
            let claim = try await paying(house, round)
            try await transfer(house, "/v1/dealers/\(house.dealer)/deposit", "deposit-\(round)", Self.deposit)
            let advance = try await advance(claim, house, round, &random)
            try await check(claim, advance, house, round)
        }
        #expect(house.notes["cut off", default: 0] > 0 && house.notes["told before the kill", default: 0] > 0)
        let fund = try await account("fund", house)
        // The deposit is the dealer's own money, too: everything has come back.
        #expect(fund.balance == 1_000_000 && fund.postings == Int64(1 + 4 * Self.rounds))
        #expect(await house.server.stop() == 0)
        for command in [["book", "verify"], ["ledger", "fsck"]] {
            let verified = try await ServerProcess.run(command, house.directory)
            #expect(verified.status == 0, "\(String(decoding: verified.output, as: UTF8.self)) \(verified.complaint)")
        }
        print("\(Self.rounds) advances, \(house.kills) kills: \(house.notes)")
    }

    // MARK: Up to the payment

    private func money(_ fen: Int64) -> JSON { ["amount": .integer(fen), "currency": "CNY"] }

    private func transfer(_ house: ClaimHouse, _ path: String, _ reference: String, _ fen: Int64) async throws {
        let body: JSON = ["reference": JSON(reference), "amount": money(fen), "why": "注资"]
        _ = try await house.ask("POST", path, house.finance.token, body)
    }

    /// A claim that the dealer is ruled to bear, about to be paid.
    private func paying(_ house: ClaimHouse, _ round: Int) async throws -> String {
        let (senior, report) = (house.senior.token, [["kind": "inspection_report", "reference": "rpt-1"]] as JSON)
        let draft: JSON = [
            "vin": JSON(testVIN(500 + round)), "dealer": JSON(house.dealer), "buyer": JSON(house.buyer.id),
            "odometer_km": 45_100, "noticed_on": "2026-03-01", "symptom": "怠速异响", "evidence": report,
        ]
        let id = try #require(try await house.ask("POST", "/v1/claims", senior, draft).id)
        let claim = "/v1/claims/\(id)"
        try await house.take(claim, "acknowledge", senior, ["why": "已电话联系买方"])
        try await house.take(claim, "assess", senior)
        let ruling: JSON = ["basis": "own_report", "evidence": report, "why": "整备报告写明正常"]
        try await house.take(claim, "liability", senior, ruling)
        let line: JSON = [
            "id": "1", "asked": money(Self.amount), "approved": money(Self.amount), "reasons": ["part_price"],
        ]
        let offer: JSON = ["way": "payment", "valid_until": "2099-01-01T00:00:00.000Z", "lines": [line]]
        try await house.take(claim, "propose", senior, offer)
        try await house.take(claim, "accept", house.buyer.token)
        try await house.take(claim, "approve", senior, ["amount": money(Self.amount)])
        try await house.take(claim, "start-payment", house.finance.token)
        return claim
    }

    // MARK: Under the kills

    private func advance(
        _ claim: String,
        _ house: ClaimHouse,
        _ round: Int,
        _ random: inout SeededRandom
    ) async throws -> String {
        let wish = ClaimHouse.Request(
            method: "POST",
            path: "\(claim)/advance",
            token: house.senior.token,
            body: ["head": "other", "ground": "law"],
            key: "ask-\(round)",
            tag: nil
        )
        let id = try #require(try await insist(wish, house, &random).id)
        let advance = "/v1/advances/\(id)"
        let rest = Self.amount - Self.deposit - Self.first
        let steps: [(String, String, JSON)] = [
            ("approve", house.senior.token, [:]),
            ("pay", house.finance.token, ["reference": JSON("bank-\(round)")]),
            ("recoveries", house.finance.token, ["reference": "r1", "amount": money(Self.first)]),
            ("recoveries", house.finance.token, ["reference": "r2", "amount": money(rest)]),
        ]
        for (number, (name, token, body)) in steps.enumerated() {
            let request = try await house.step(advance, name, token, body, key: "\(name)-\(round)-\(number)")
            _ = try await insist(request, house, &random)
        }
        // Whoever has lost his key tells the bank's reference again.
        for (number, (name, token, body)) in steps.enumerated().dropFirst() {
            let request = try await house.step(advance, name, token, body, key: "again-\(round)-\(number)")
            let answer = try await house.send(request)
            #expect(answer.status == 200, "\(answer.text)")
        }
        return advance
    }

    /// Asks until it is answered. Every other time the server dies while it is being asked, or soon after.
    private func insist(
        _ request: ClaimHouse.Request,
        _ house: ClaimHouse,
        _ random: inout SeededRandom
    ) async throws -> HTTPAnswer {
        var known: HTTPAnswer?
        for _ in 0..<Self.triesMaximum {
            let isKilled = Bool.random(using: &random)
            let milliseconds = Int.random(in: 0...Self.patienceMilliseconds, using: &random)
            guard isKilled else {
                let answer = try await house.send(request)
                #expect((200..<300).contains(answer.status), "\(request.path): \(answer.text)")
                if let known { #expect(answer.text == known.text, "\(request.path) was answered otherwise") }
                let isReplayed = answer.header("Idempotency-Replayed") == "true"
                #expect(known == nil || isReplayed, "\(request.path) was done again")
                if known == nil, isReplayed { house.note("done, and never told") }
                return answer
            }
            let client = house.client
            let asked = Task { try? await client.send(request) }
            try await Task.sleep(for: .milliseconds(milliseconds))
            try await house.killAndRestart()
            if let answer = await asked.value {
                #expect((200..<300).contains(answer.status), "\(request.path): \(answer.text)")
                if let known { #expect(answer.text == known.text, "\(request.path) was answered otherwise") }
                known = answer
                house.note("told before the kill")
            } else {
                house.note("cut off")
            }
        }
        throw ServerProcess.NotReady()
    }

    // MARK: What came of it

    private func check(_ claim: String, _ advance: String, _ house: ClaimHouse, _ round: Int) async throws {
        let owed = try JSONParser.parse(try await house.ask("GET", advance, house.administrator).body)
        let expected: [(String, Int64)] = [
            ("advanced", Self.amount), ("recovered", Self.amount), ("outstanding", 0), ("written_off", 0),
            ("invoiced", Self.amount - Self.deposit),
        ]
        for (name, fen) in expected { #expect(owed[name] == money(fen), "\(name) in round \(round): \(owed)") }
        // Asked for, approved, paid, drawn, invoiced, and two transfers.
        #expect(owed["stage"] == "settled" && owed["version"] == 7, "\(owed)")
        let paid = try JSONParser.parse(try await house.ask("GET", claim, house.administrator).body)
        #expect(paid["paid"] == money(Self.amount) && paid["state"] == "settled", "\(paid)")
        let loss = "\(claim.split(separator: "/").last ?? "").other"
        let receivable = try await account("receivable:\(house.dealer):\(loss)", house)
        #expect(receivable.balance == 0 && receivable.postings == 4)
        let drawn = try await account("advance:\(loss)", house)
        #expect(drawn.balance == 0 && drawn.postings == 2)
        let raw = try await house.client.send(
            "GET",
            "/v1/vehicles/\(testVIN(500 + round))/history",
            headers: [("Accept", "application/x-ndjson"), ("Authorization", "Bearer \(house.administrator)")]
        )
        let kinds = try raw.body.split(separator: 0x0A).map { line in
            try JSONParser.parse(Array(line))["kind"]?.stringValue ?? ""
        }
        #expect(kinds == ["warranty.claimed", "warranty.settled"], "\(raw.text)")
    }

    private func account(_ name: String, _ house: ClaimHouse) async throws -> (balance: Int64, postings: Int64) {
        let answer = try await house.ask("GET", "/v1/book/accounts/\(name)", house.administrator)
        let json = try JSONParser.parse(answer.body)
        return (
            try #require(json["balance"]?["amount"]?.integerValue),
            try #require(json["posting_count"]?.integerValue)
        )
    }
}

extension HTTPClient {
    fileprivate func send(_ request: ClaimHouse.Request) async throws -> HTTPAnswer {
        try await send(request.method, request.path, headers: request.headers, body: request.body?.bytes)
    }
}
