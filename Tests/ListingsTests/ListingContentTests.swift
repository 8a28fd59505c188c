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
                    .init(
                        "vehicle",
                        [
                            "make": "比亚迪", "series": "秦", "model": "2021款 DM-i", "model_year": 2021,
                            "energy": "plug_in_hybrid", "emission_stage": "china_6b", "gearbox": "cvt",
                            "displacement_ml": 1498, "seats": 5, "color": "白色", "interior_color": "黑色",
                            "first_registered_on": "2021-05-08", "transfer_count": 1,
                            "guide_price": ["amount": 12_980_000, "currency": "CNY"],
                            "features": ["sunroof", "fast_charging"],
                        ]
                    ),
                    .init("location", ["province": "CN-ZJ", "city": "杭州市"]),
                    .init("stock", ["number": "A-17", "since": "2026-01-08"]),
                ])
            ).content
        )
        #expect(try read(content.request).content == content)
        #expect(content.total == Money(fen: 8_850_000))
        #expect(content.vehicle.features == [.sunroof, .fastCharging])
        #expect(content.location == Location(province: .zhejiang, city: "杭州"))
        #expect(content.stock?.number == "A-17")
        #expect(content.disclosures == [.flood: .no, .accident: .notKnown])
    }

    @Test(arguments: Province.allCases)
    func `a province has its names`(province: Province) {
        #expect(province.label.zh != province.rawValue && province.label.en != province.rawValue)
    }

    @Test(arguments: Feature.allCases)
    func `a feature has its names`(feature: Feature) {
        #expect(feature.label.zh != feature.rawValue && feature.label.en != feature.rawValue)
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
            .init("location", ["province": "浙江"]), .init("stock", ["number": "", "cost": 1]),
            .init(
                "vehicle",
                [
                    "make": "", "energy": "steam", "seats": 0, "first_registered_on": "2021-02-30",
                    "features": ["wings"],
                    "guide_price": ["amount": 1, "currency": "CNY"], "owner": "张三",
                ]
            ),
        ])
        let expected: Set<String> = [
            "/title blank_or_broken", "/odometer_km out_of_range", "/price/kind not_allowed",
            "/price/amount out_of_range", "/price/currency not_allowed", "/price/extra unknown_member",
            "/fees/0/amount out_of_range", "/fees wrong_type", "/included not_allowed",
            "/disclosures/flood not_allowed", "/disclosures/hail unknown_member", "/status unknown_member",
            "/location/province not_allowed", "/location/city required", "/stock/number length",
            "/stock/cost unknown_member", "/vehicle/make length", "/vehicle/energy not_allowed",
            "/vehicle/seats out_of_range", "/vehicle/first_registered_on date_format", "/vehicle/features not_allowed",
            "/vehicle/guide_price/amount out_of_range", "/vehicle/owner unknown_member",
        ]
        #expect(Set(try read(wrong).faults).symmetricDifference(expected) == [])
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
