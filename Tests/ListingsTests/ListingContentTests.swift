import Core
import History
import Support
import Testing

@testable import Listings

@Suite struct ListingContentTests {
    private static let base: JSON = [
        "title": "秦 PLUS", "odometer_km": 10, "price": ["kind": "asking", "amount": 8_800_000, "currency": "CNY"],
    ]

    private func read(_ changes: JSON) throws -> (content: ListingContent?, faults: [String]) {
        var reader = try ObjectReader(changes)
        let content = ListingContent(&reader)
        reader.refuseUnknownMembers()
        do {
            try reader.faults.throwIfAny()
            return (content, [])
        } catch let failure as Failure {
            return (nil, failure.faults.map { "\($0.pointer) \($0.code)" })
        }
    }

    private func with(_ members: [JSON.Member]) -> JSON {
        .object((Self.base.members ?? []).filter { old in !members.contains { $0.name == old.name } } + members)
    }

    @Test func `what is stored is read back as it was`() throws {
        let content = try #require(
            try read(
                with([
                    .init("text", "一手"), .init("disclosures", ["flood": "no", "accident": "not_known"]),
                    .init("fees", [["name": "过户费", "amount": 50_000, "currency": "CNY"]]),
                    .init("included", ["inspection"]), .init("recall_notice", "已预约"),
                ])
            ).content
        )
        #expect(try read(content.request).content == content)
        #expect(content.total == Money(fen: 8_850_000))
        #expect(content.disclosures == [.flood: .no, .accident: .notKnown])
    }

    @Test func `one price is all there is to pay`() throws {
        let one: JSON = ["kind": "one_price", "amount": 9_000_000, "currency": "CNY"]
        let content = try #require(try read(with([.init("price", one)])).content)
        #expect(content.included == Set(ListingContent.Service.allCases))
        #expect(content.total == Money(fen: 9_000_000))
        let fee: JSON = [["name": "服务费", "amount": 1, "currency": "CNY"]]
        let refused = try read(with([.init("price", one), .init("fees", fee)]))
        #expect(refused.faults == ["/fees above_one_price"])
    }

    @Test func `every fault is named`() throws {
        let wrong = with([
            .init("title", " "), .init("odometer_km", -1),
            .init("price", ["kind": "cheap", "amount": 0, "currency": "USD", "extra": 1]),
            .init("fees", [["name": "x", "amount": 0, "currency": "CNY"], 7]), .init("included", ["tax", "tax"]),
            .init("disclosures", ["flood": "maybe", "hail": "no"]), .init("status", "published"),
        ])
        let expected: Set<String> = [
            "/title blank_or_broken", "/odometer_km out_of_range", "/price/kind not_allowed",
            "/price/amount out_of_range", "/price/currency not_allowed", "/price/extra unknown_member",
            "/fees/0/amount out_of_range", "/fees wrong_type", "/included not_allowed",
            "/disclosures/flood not_allowed", "/disclosures/hail unknown_member", "/status unknown_member",
        ]
        #expect(Set(try read(wrong).faults) == expected)
    }

    @Test func `a merge patch changes what it names, removes what it nulls and goes into objects`() throws {
        let content = try #require(
            try read(with([.init("text", "旧"), .init("disclosures", ["flood": "no", "accident": "no"])])).content
        )
        let patch: JSON = [
            "text": .null, "disclosures": ["flood": .null, "mortgaged": "no"], "price": ["amount": 100],
        ]
        let patched = try #require(try read(content.merged(with: patch)).content)
        #expect(patched.text == nil)
        #expect(patched.disclosures == [.accident: .no, .mortgaged: .no])
        #expect(patched.price == ListingContent.Price(kind: .asking, amount: Money(fen: 100)))
        #expect(patched.title == content.title)
    }
}
