import Core
import Listings
import Storage
import Support
import Testing

/// A dealer that owes for an advance offers nothing until it has paid.
@Suite struct DealerSuspensionTests {
    private static let cause = "adv_1"

    private func published(_ house: House, _ dealer: House.Member, _ vin: String) async throws -> String {
        let created = try await house.post("/v1/listings", ListingTests.draft(vin), as: dealer.key)
        let id = try #require(created.json["id"]?.stringValue, "\(created.http.text)")
        let answer = try await publish(house, dealer, id)
        #expect(answer.json["status"] == "published", "\(answer.http.text)")
        return id
    }

    private func publish(_ house: House, _ dealer: House.Member, _ id: String) async throws -> House.Answer {
        let tag = try #require(try await house.get("/v1/listings/\(id)", as: dealer.key).http.header("ETag"))
        return try await house.post("/v1/listings/\(id)/publish", [:], as: dealer.key, headers: [("If-Match", tag)])
    }

    private func status(_ house: House, _ dealer: House.Member, _ id: String) async throws -> String? {
        try await house.get("/v1/listings/\(id)", as: dealer.key).json["status"]?.stringValue
    }

    /// Until nothing is left to be moved.
    private func apply(_ house: House, _ dealer: String) async throws {
        while try await house.store.database.writeRetrying({ tx in
            try DealerSuspensions.apply(tx, dealer: dealer, limit: 1)
        }) == 1 {}
    }

    @Test func `what is on offer leaves the market, and comes back when the last cause is gone`() async throws {
        let house = try await House.open()
        let dealer = try await house.dealer()
        let first = try await published(house, dealer, House.vin)
        let second = try await published(house, dealer, House.otherVIN)
        let withdrawn = try await house.post("/v1/listings", ListingTests.draft("LSVDEM331MD000021"), as: dealer.key)
        let draft = try #require(withdrawn.json["id"]?.stringValue)
        for cause in [Self.cause, "adv_2"] {
            try await house.store.database.writeRetrying { tx in
                try DealerSuspensions.suspend(tx, dealer: dealer.id, cause: cause, reason: "欠款")
            }
        }
        try await apply(house, dealer.id)
        for id in [first, second] { #expect(try await status(house, dealer, id) == "withdrawn") }
        for id in [first, draft] {
            let refused = try await publish(house, dealer, id)
            #expect(refused.status == 409 && refused.code == "dealer_suspended", "\(refused.http.text)")
        }
        try await house.store.database.writeRetrying { tx in
            try DealerSuspensions.lift(tx, dealer: dealer.id, cause: Self.cause)
        }
        try await apply(house, dealer.id)
        #expect(try await status(house, dealer, first) == "withdrawn")
        try await house.store.database.writeRetrying { tx in
            try DealerSuspensions.lift(tx, dealer: dealer.id, cause: "adv_2")
        }
        try await apply(house, dealer.id)
        for id in [first, second] { #expect(try await status(house, dealer, id) == "published") }
        // Nobody had offered it before.
        #expect(try await status(house, dealer, draft) == "draft")
    }
}
