import Core
import Testing

@testable import Pricing

@Suite struct RuleSetTests {
    private static let smallest = """
        format: chexin-pricing-rules/1
        id: "small"
        version: "3"
        title: {zh: "小", en: "small"}
        effective_from: 2026-01-01
        currency: CNY
        source: "a test"
        basis: retail
        reference: new_price
        rules: []
        """

    private static func faults(_ text: String) throws -> [Fault] {
        let failure = try #require(throws: Failure.self) { try RuleSet(reading: Array(text.utf8)) }
        #expect(failure.type == .invalidRuleSet)
        return failure.faults
    }

    private static func rule(_ lines: String) -> String {
        smallest.replacing("rules: []", with: "rules:") + "\n"
            + "  - {id: a, group: age, title: {zh: 甲, en: a}, source: s, \(lines)}\n"
    }

    @Test func `the smallest document is read and hashed as it is`() throws {
        let ruleSet = try RuleSet(reading: Array(RuleSetTests.smallest.utf8))
        #expect(ruleSet.name.id == "small" && ruleSet.name.version == "3")
        let other = try RuleSet(reading: Array((RuleSetTests.smallest + "\n# a remark\n").utf8))
        #expect(other.content == ruleSet.content && other.name.hash != ruleSet.name.hash)
    }

    @Test(arguments: [
        ("curve: age_days, points: [0, 365], values: [0, 5]", "rises"),
        ("curve: odometer_km, points: [0, 10], values: [0, 5]", "rises"),
        ("curve: age_days, points: [365, 0], values: [0, -5]", "not_rising"),
        ("curve: age_days, points: [0], values: [0, -5]", "wrong_size"),
        ("slope: age_days, origin: 0, unit: 0, by: brand, effects: {b: 1}", "not_positive"),
        ("slope: age_days, origin: 0, unit: 1, by: brand, effects: {b: 1}", "rises"),
        ("by: brand, effects: {b: x}", "not_an_integer"),
        ("scale: factor, by: brand, effects: {b: -1}", "not_a_factor"),
        ("table: [{input: age_days, edges: [3, 2]}], values: [[1, 2, 3, 4]]", "not_rising"),
        ("table: [{input: age_days, edges: [3]}], values: [[1, 2]]", "wrong_size"),
        ("table: [], values: []", "bad_table"),
        ("by: brand, effects: {}, colour: 3", "unknown_member"),
        ("values: [1]", "missing"),
    ])
    func `a faulty rule is refused with its line`(lines: String, code: String) throws {
        let faults = try RuleSetTests.faults(RuleSetTests.rule(lines))
        let fault = try #require(faults.first { $0.code == code })
        #expect(fault.pointer.hasPrefix("/rules/0"))
        #expect(fault.detail.en.hasPrefix("line 11: "))
    }

    @Test func `all faults are named at once`() throws {
        let text = RuleSetTests.smallest.replacing("basis: retail", with: "basis: cheap")
            .replacing("effective_from: 2026-01-01", with: "effective_from: soon")
        let codes = try RuleSetTests.faults(text).map(\.code)
        #expect(codes.contains("unknown_value") && codes.contains("not_a_date"))
    }

    @Test(arguments: ["", "- a list", "a: [", "\u{0}"])
    func `what is no document is refused`(text: String) throws {
        _ = try RuleSetTests.faults(text)
    }

    @Test func `the latest rule set in force is taken`() throws {
        let early = try RuleSet(reading: Array(RuleSetTests.smallest.utf8))
        let text = RuleSetTests.smallest.replacing("2026-01-01", with: "2026-06-01")
        let late = try RuleSet(reading: Array(text.utf8))
        let between = try #require(CalendarDate("2026-03-01"))
        #expect(RuleSet.effective(of: [late, early], on: between)?.name == early.name)
        #expect(RuleSet.effective(of: [early, late], on: late.effectiveFrom)?.name == late.name)
        #expect(RuleSet.effective(of: [late], on: between) == nil)
    }

    @Test func `the market's own document is sound, and each of its rules has a source`() throws {
        let ruleSet = try RuleSet.market()
        #expect(ruleSet.content.baseRules.count >= 12)
        #expect(ruleSet.content.baseRules.allSatisfy { !$0.source.isEmpty })
        let written = RuleSet(writing: ruleSet.content)
        #expect(try RuleSet(reading: written.bytes).content == ruleSet.content)
    }
}
