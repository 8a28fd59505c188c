import Core
import Testing
import Web

@testable import Pages

/// Parts of the page behind the code, without a car.
@Suite struct CarPartsTests {
    private func chart(_ readings: [(date: String, km: Int64, verdict: String)], in language: Language = .chinese)
        -> String
    {
        let readings: [JSON] = readings.enumerated().map { number, reading in
            [
                "entry": JSON(String(repeating: "\(number % 10)", count: 64)), "date": JSON(reading.date),
                "odometer_km": .integer(reading.km), "verdict": JSON(reading.verdict), "counter": 0,
            ]
        }
        var page = HTMLWriter()
        CarChart(language: language, odometer: ["readings": .array(readings), "replacements": []]).write(&page)
        return page.html
    }

    @Test func `no reading is said, and not drawn`() {
        #expect(chart([]).contains("没有里程读数"))
        #expect(!chart([]).contains("<svg"))
    }

    @Test func `a fall has a line, a band and both figures of its own, and is told to who cannot see it`() {
        let html = chart([
            ("2020-01-05", 10_000, "consistent"), ("2022-01-05", 90_000, "peak"), ("2023-01-05", 40_000, "lower"),
            ("2024-01-05", 45_000, "lower"),
        ])
        #expect(html.ranges(of: "class=\"fall\"").count == 1)
        #expect(html.ranges(of: "class=\"band\"").count == 1)
        #expect(html.contains(">90,000</text>") && html.contains(">40,000</text>"))
        #expect(html.contains("2022-01-05 的 90,000 公里之后，2023-01-05 只有 40,000 公里"))
        #expect(html.contains("aria-labelledby=\"chart-title chart-desc\""))
        #expect(html.contains("里程（公里）") && html.contains("年份"))
    }

    @Test func `every mark stands within the picture`() throws {
        for days in [("2024-05-01", "2024-05-01"), ("2024-05-01", "2024-05-02"), ("1999-01-01", "2026-12-31")] {
            for km in [Int64(0), 1, 999, 1001, 4_999_999] {
                let html = chart([(days.0, km / 2, "consistent"), (days.1, km, "consistent")])
                for place in html.matches(of: /c([xy])="(-?\d+)"/) {
                    let (axis, value) = (place.output.1, try #require(Int(place.output.2)))
                    #expect((axis == "x" ? 124...700 : 60...390).contains(value), "\(days) \(km)")
                }
            }
        }
    }

    @Test func `a mistyped reading is marked, and no line goes through it`() {
        let html = chart([
            ("2020-01-05", 10_000, "consistent"), ("2021-01-05", 900_000, "typing_error"),
            ("2022-01-05", 30_000, "consistent"),
        ])
        #expect(html.ranges(of: "class=\"run\"").count == 1)
        #expect(html.contains("class=\"doubt\"") && html.contains("多半是录入错误"))
    }

    @Test func `the script is sent without its remarks`() {
        #expect(CarScript.source.hasPrefix("'use strict';(() => {"))
        #expect(!CarScript.source.contains("\n//") && !CarScript.source.contains("/**"))
        #expect(CarScript.source.contains("const sha256 = (message) => {"))
    }

    @Test func `a hash is read aloud in groups`() {
        #expect(CarKeys.grouped("0123456789abcdef01") == "01234567 89abcdef 01")
    }
}
