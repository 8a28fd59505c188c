import Claims
import Core
import Testing

@Suite struct RepairGuideTests {
    private static let whole = """
        {
          "version": "guide-2026-11",
          "source": {"basis": "own_proposal", "zh": "平台维修指南", "en": "the platform's repair guide"},
          "hourly_rate_maximum_fen": 18000,
          "price_tolerance_bp": 1000,
          "parts": [
            {"component": "suspension.damper", "price_fen": 40000, "grades": ["original", "remanufactured"]}
          ],
          "operations": [
            {"code": "crank", "hours_milli": 1000, "includes": ["head"], "access": "engine-out", "access_milli": 400,
             "quantities": [{"component": "engine.crank.crankshaft", "quantity_milli": 1000}]},
            {"code": "head", "hours_milli": 500}
          ]
        }
        """

    private func faults(_ text: String) -> [String] {
        do {
            _ = try RepairGuide(parsing: Array(text.utf8))
            return []
        } catch let failure as Failure {
            return failure.faults.map { "\($0.pointer) \($0.code)" }
        } catch {
            return ["\(error)"]
        }
    }

    @Test func `a guide is read as it is written`() throws {
        let guide = try RepairGuide(parsing: Array(Self.whole.utf8))
        let expected = RepairGuide(
            version: "guide-2026-11",
            parts: [
                "suspension.damper": RepairGuide.Part(price: fen(yuan: 400), grades: [.original, .remanufactured])
            ],
            operations: [
                RepairGuide.Operation(
                    code: "crank",
                    hoursMilli: 1_000,
                    includes: ["head"],
                    access: "engine-out",
                    accessMilli: 400,
                    quantities: ["engine.crank.crankshaft": 1_000]
                ),
                RepairGuide.Operation(code: "head", hoursMilli: 500),
            ],
            hourlyRateMaximum: fen(yuan: 180),
            priceTolerance: BasisPoints(1_000),
            source: RuleSource(.ownProposal, zh: "平台维修指南", en: "the platform's repair guide")
        )
        #expect(guide == expected)
    }

    @Test(
        arguments: [
            (#""version": "guide-2026-11""#, #""version": "","#.dropLast(), "/version length"),
            (#""basis": "own_proposal""#, #""basis": "hearsay""#, "/source/basis not_allowed"),
            ("18000", "0", "/hourly_rate_maximum_fen out_of_range"),
            ("\"price_tolerance_bp\": 1000", "\"price_tolerance_bp\": 10001", "/price_tolerance_bp out_of_range"),
            (#""price_fen": 40000"#, #""price_fen": -1"#, "/parts/0/price_fen out_of_range"),
            (#""remanufactured""#, #""stolen""#, "/parts/0/grades not_known"),
            (#""hours_milli": 500"#, #""hours_milli": 0"#, "/operations/1/hours_milli out_of_range"),
            (#""includes": ["head"]"#, #""includes": ["roof"]"#, "/operations/0/includes not_known"),
            (#""includes": ["head"]"#, #""includes": [1]"#, "/operations/0/includes not_known"),
            (#""access_milli": 400"#, #""access_milli": 1001"#, "/operations/0/access_milli access_time"),
            (#""access": "engine-out", "#, "", "/operations/0/access_milli access_time"),
            (#""code": "head""#, #""code": "crank""#, "/operations/1/code double"),
            (#""quantity_milli": 1000"#, #""amount": 1000"#, "/operations/0/quantities/0/quantity_milli required"),
            (#""price_tolerance_bp""#, #""tolerance""#, "/tolerance unknown_member"),
        ] as [(String, String.SubSequence, String)]
    )
    func `what is wrong with a guide is named`(found: String, put: Substring, fault: String) {
        let text = Self.whole.replacing(found, with: put)
        #expect(text != Self.whole)
        #expect(faults(text).contains(fault), "\(faults(text))")
    }

    @Test func `every fault is named at once, and what is no JSON is none`() {
        let text = Self.whole.replacing("18000", with: "0").replacing("40000", with: "0").replacing(
            "\"head\"]",
            with: "1]"
        )
        #expect(faults(text).count == 3)
        #expect(throws: Failure.self) { try RepairGuide(parsing: Array(Self.whole.utf8.dropLast(4))) }
    }

    @Test func `one component stands there once`() {
        let part = #"{"component": "suspension.damper", "price_fen": 40000, "grades": ["original", "remanufactured"]}"#
        #expect(faults(Self.whole.replacing(part, with: "\(part), \(part)")) == ["/parts/1/component double"])
    }
}
