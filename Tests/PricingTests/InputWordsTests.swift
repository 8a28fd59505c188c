import Core
import Testing

@testable import Pricing

@Suite struct InputWordsTests {
    @Test(
        arguments: [
            ("energy", "range_extended", "增程", "range-extended"), ("use", "commercial", "营运", "commercial"),
            ("age_days", "400", "1 年 1 个月", "1 year 1 month"), ("age_days", "60", "1 个月", "1 month"),
            ("odometer_km", "123456", "12.35 万公里", "123,456 km"), ("odometer_km", "800", "800 公里", "800 km"),
            ("model_year", "2024", "2024 款", "2024"), ("new_price_fen", "12990000", "12.99 万", "129,900"),
            ("series", "大众|朗逸", "大众 朗逸", "大众 朗逸"),
            ("trim_weight", "2500", "相当于 2.5 条", "worth 2.5 sales"),
            ("pooled_gap", "20000", "+2%", "+2 %"), ("trim_dispersion", "50000", "5.1%", "5.1 %"),
            ("displacement", "1498", "1.498", "1.498"), ("battery_health", "925", "92.5%", "92.5 %"),
            ("city", "", "未知", "unknown"), ("city", "长春", "长春", "长春"),
            ("sale_day", "18628", "2021-01-01", "2021-01-01"),
        ]
    )
    func `what was read is said in words`(input: String, value: String, zh: String, en: String) {
        let words = InputWords.value(value, of: input)
        #expect(words.zh == zh && words.en == en)
    }

    @Test(arguments: [
        (12_345, 4, 2, "1.23"), (-12_399, 4, 2, "-1.24"), (10_000, 4, 2, "1"), (5, 3, 1, "0"), (50, 3, 1, "0.1"),
    ])
    func `decimals are rounded, and zeros at their end are not shown`(number: Int, digits: Int, kept: Int, text: String)
    {
        #expect(InputWords.decimal(Int64(number), digits: digits, kept: kept) == text)
    }

    @Test func `every input that rules know has a name in both languages`() {
        for input in Input.numeric.union(Input.labels) {
            let name = InputWords.name(input)
            #expect(name.zh != input && !name.en.contains("_"), "\(input)")
        }
    }
}

@Suite struct HoldOutTests {
    @Test func `one vehicle in five is kept apart, with all its sales`() throws {
        var market = SyntheticMarket()
        let sales = market.sales(2000)
        let holdOut = try #require(HoldOut(oneIn: 5))
        let held = sales.count { holdOut.holds($0) }
        #expect((320...480).contains(held))
        for sale in sales.prefix(50) {
            var other = sale
            other.priceFen += 100
            #expect(holdOut.holds(other) == holdOut.holds(sale))
        }
    }

    @Test func `without parts nothing is kept apart`() {
        var market = SyntheticMarket()
        #expect(!market.sales(100).contains { HoldOut.nothing.holds($0) })
        #expect(HoldOut(oneIn: 1) == nil)
    }
}
