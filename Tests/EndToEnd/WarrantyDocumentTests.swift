import Core
import Cryptography
import Support
import Testing

/// What people read of a warranty.
@Suite struct WarrantyDocumentTests {
    @Test func `the printed text hashes to the stored one, line by line`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let sold = try await WarrantyTests.sold(house, as: dealer.key)
        let path = "/v1/warranties/\(try #require(sold.json["id"]?.stringValue))/document"
        let hash = try #require(sold.json["contract_hash"]?.stringValue)
        let text = try await house.get(path, as: dealer.key, headers: [("Accept", "text/plain")])
        #expect(SHA256.hash(text.http.body).hex == hash)
        let page = try await house.get(path, as: dealer.key, headers: [("Accept", "text/html")])
        #expect(Self.lines(of: page.http.text) == text.http.text)
        #expect(page.http.text.contains("<svg class=\"qr\""))
        #expect(page.http.text.contains("/v1/entries/\(try #require(sold.json["entry"]?.stringValue))"))
        #expect(!page.http.text.contains("<script"))
        let english: HTTPClient.Headers = [("Accept", "text/plain"), ("Accept-Language", "en")]
        let translated = try await house.get(path, as: dealer.key, headers: english)
        #expect(!translated.http.text.unicodeScalars.contains { $0.properties.isIdeographic })
        #expect(translated.http.header("ETag") == "\"\(SHA256.hash(translated.http.body).hex)\"")
        let other = try await house.member("dealer", "91440300708461136T")
        #expect(try await house.get(path, as: other.key).status == 404)
    }

    /// The text of every line element, as somebody would take it off the page.
    private static func lines(of html: String) -> String {
        html.split(separator: "<div class=\"line ").dropFirst().map { part in
            let text = part.drop { $0 != ">" }.dropFirst()
            let end = text.firstRange(of: "</div>")?.lowerBound ?? text.endIndex
            return String(text[..<end]).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
                .replacing("&quot;", with: "\"").replacing("&amp;", with: "&") + "\n"
        }.joined()
    }

    @Test func `a contract is renewed where it ends, without waiting, and once`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let sold = try await WarrantyTests.sold(house, as: dealer.key)
        let path = "/v1/warranties/\(try #require(sold.json["id"]?.stringValue))"
        let hash = try #require(sold.json["terms"]?["layers"]?.arrayValue?.first?["wording_hash"])
        let renew: JSON = [
            "kind": "renewal", "tier": "basic", "odometer_km": 46_000, "acknowledged": [hash], "is_paid": true,
        ]
        func ask() async throws -> House.Answer {
            let tag = try #require(try await house.get(path, as: dealer.key).http.header("ETag"))
            return try await house.post("\(path)/renew", renew, as: dealer.key, headers: [("If-Match", tag)])
        }
        #expect(try await ask().code == "not_renewable")
        house.clock.advance(seconds: 80 * 86_400)
        let renewed = try await ask()
        #expect(renewed.status == 201, "\(renewed.http.text)")
        #expect(renewed.json["terms"]?["renews"] == sold.json["id"])
        let period = renewed.json["terms"]?["layers"]?.arrayValue?.first?["period"]
        #expect(period?["start"] == "2026-06-01" && period?["end"] == "2026-09-01")
        #expect(renewed.json["status"] == "not_yet")
        #expect(try await ask().code == "not_renewable")
        #expect(try await house.lines().count == 2)
    }

    @Test func `finance sees its book, and it adds up`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let sold = try await WarrantyTests.sold(house, as: dealer.key)
        let price = try #require(sold.json["price"]?["amount"]?.integerValue)
        let path = "/v1/warranty/portfolio?as_of=2026-04-15"
        let book = try await house.get(path, as: dealer.key).json
        func fen(_ name: String) -> Int64 { book[name]?["amount"]?.integerValue ?? -1 }
        #expect(fen("written") == price && fen("earned") + fen("unearned") == price)
        #expect(book["counts"]?["active"] == 1)
        let csv = try await house.get(path, as: dealer.key, headers: [("Accept", "text/csv")])
        #expect(csv.http.text.split(separator: "\r\n").count == 3)
        let page = try await house.get(path, as: dealer.key, headers: [("Accept", "text/html")])
        #expect(page.http.text.contains("<rect class=\"earned\""))
        let other = try await house.member("dealer", "91440300708461136T")
        #expect(try await house.get(path, as: other.key).json["counts"]?["active"] == 0)
        #expect(try await house.get(path, as: house.administrator).json["counts"]?["active"] == 1)
        let settlement = try await house.get("/v1/warranty/settlement?month=2026-03", as: dealer.key)
        #expect(settlement.http.text.hasPrefix("\u{FEFF}warranty,vin,insurer"))
    }

    /// A contract of the better tier with an insurer's extension behind it.
    private func insured(_ house: House, _ dealer: House.Member) async throws -> House.Answer {
        let inspected = try await house.append("inspection.platform", ["grade": 1], ref: "i1", as: house.administrator)
        #expect(inspected.status == 201, "\(inspected.http.text)")
        let quote = try await WarrantyTests.quote(house, as: dealer.key)
        let wordings: JSON = .array([
            try WarrantyTests.wording(quote, "plus"), try WarrantyTests.wording(quote, "ext-powertrain"),
        ])
        let choice: JSON = ["plan": "ext-powertrain", "insurer": "平安财险", "policy_number": "P-2026-1"]
        let sale = try WarrantyTests.sale(quote, tier: "plus").merged(with: [
            "acknowledged": wordings, "extensions": .array([choice]),
        ])
        let sold = try await house.post("/v1/warranties", sale, as: dealer.key)
        #expect(sold.status == 201, "\(sold.http.text)")
        return sold
    }

    private func fen(_ yuan: Substring) -> Int64? { Int64(yuan.replacing(".", with: "")) }

    @Test func `an insurer is settled with by the policy, apart from what the platform owes`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let sold = try await insured(house, dealer)
        func lines(_ query: String) async throws -> [[Substring]] {
            let file = try await house.get("/v1/warranty/settlement?\(query)", as: dealer.key)
            return file.http.text.split(separator: "\r\n").dropFirst().map {
                $0.split(separator: ",", omittingEmptySubsequences: false)
            }
        }
        let insurer = "insurer=%E5%B9%B3%E5%AE%89%E8%B4%A2%E9%99%A9"
        let line = try #require(try await lines("month=2026-03&\(insurer)").first)
        #expect(line[1...4] == [Substring(House.vin), "平安财险", "P-2026-1", "ext-powertrain"])
        let layer = try #require(sold.json["terms"]?["layers"]?.arrayValue?.first { $0["payer"] == "insurer" })
        #expect(fen(line[8]) == layer["price"]?["amount"]?.integerValue)
        // Premium and commission are the price, to the fen.
        #expect(try #require(fen(line[9])) + (try #require(fen(line[10]))) == fen(line[8]))
        #expect(line[11] == "in_force")
        #expect(try await lines("month=2026-03&insurer=x").isEmpty)
        #expect(try await lines("month=2026-04").isEmpty)

        house.clock.advance(seconds: 86_400)
        let path = "/v1/warranties/\(try #require(sold.json["id"]?.stringValue))"
        let tag = try #require(try await house.get(path, as: dealer.key).http.header("ETag"))
        let cancel: JSON = ["odometer_km": 45_010, "reason": "换车"]
        let gone = try await house.post("\(path)/cancel", cancel, as: dealer.key, headers: [("If-Match", tag)])
        #expect(gone.status == 200, "\(gone.http.text)")
        let ended = try #require(try await lines("month=2026-03").first)
        #expect(ended[11] == "cancelled" && ended[12] == "2026-03-02")
        // Within the days of the free look everything is paid back.
        #expect(ended[13] == line[8])
    }
}
