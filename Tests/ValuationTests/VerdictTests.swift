import Core
import Pricing
import Support
import Testing

@testable import Valuation

/// A price beside an estimate of 100,000 yuan, between 90,000 and 110,000.
@Suite struct VerdictTests {
    private func appraisal(_ confidence: ConfidenceClass, hasPrice: Bool = true) throws -> Appraisal {
        try Appraisal(stored: [
            "estimate": "est_01kjp6c3m0e8t5v9s2x4b7n1qa", "valued_on": "2026-03-01",
            "confidence": JSON(confidence.rawValue), "point_fen": hasPrice ? 10_000_000 : .null,
            "low_fen": hasPrice ? 9_000_000 : .null, "high_fen": hasPrice ? 11_000_000 : .null,
        ])
    }

    @Test(
        arguments: [
            (8_999_999, PriceVerdict.Code.belowRange), (9_000_000, .below), (9_699_980, .below), (9_700_000, .fair),
            (10_300_000, .fair), (10_300_020, .above), (11_000_000, .above), (11_000_001, .aboveRange),
        ] as [(Int64, PriceVerdict.Code)]
    )
    func `the verdict follows the range`(_ fen: Int64, _ code: PriceVerdict.Code) throws {
        let verdict = try appraisal(.b).verdict(on: Money(fen: fen))
        #expect(verdict.code == code)
        #expect(verdict.sentence.zh.contains("9.00–11.00 万元"))
        #expect(verdict.sentence.zh.hasSuffix("。") && verdict.sentence.en.hasSuffix("."))
    }

    @Test func `nothing is judged by an estimate that is not sure, or by none`() throws {
        let dear = Money(fen: 99_000_000)
        #expect(try appraisal(.d).verdict(on: dear).code == .uncertain)
        let none = try appraisal(.a, hasPrice: false).verdict(on: dear)
        #expect(none.code == .noEstimate && none.differencePPM == nil)
    }

    @Test func `an appraisal is read as it was kept`() throws {
        for confidence in ConfidenceClass.allCases {
            let kept = try appraisal(confidence, hasPrice: confidence != .d)
            #expect(try Appraisal(stored: kept.stored) == kept)
        }
        #expect(throws: (any Error).self) { try Appraisal(stored: ["estimate": "x"]) }
    }

    @Test(
        arguments: [(0, "0.0%"), (499, "0.0%"), (500, "0.1%"), (31_400, "3.1%"), (1_000_000, "100.0%")]
            as [(Int64, String)]
    )
    func `percent are rounded to the tenth`(_ ppm: Int64, _ text: String) {
        #expect(plainPercent(ppm) == text)
    }

    @Test(
        arguments: [
            (0, "0.00"), (7_654_999, "7.65"), (7_655_000, "7.66"), (12_990_000, "12.99"), (500_000, "0.50"),
        ] as [(Int64, String)]
    )
    func `amounts are told in ten thousands of yuan`(_ fen: Int64, _ text: String) {
        #expect(plainWan(Money(fen: fen)) == text)
    }
}
