import Core
import Testing

@testable import History

@Suite("Findings: what no longer holds") struct FindingsStandingTests {
    /// Events that each make a finding a yes.
    static let accusations = [
        "2023-01-01 flood.reported", "2023-01-01 insurance.total_loss peril=fire",
        "2023-01-01 accident.reported structural=yes", "2023-01-01 theft.reported status=stolen",
        "2023-01-01 recall.announced campaign=A", "2023-01-01 mortgage.registered mortgage_ref=M",
        "2023-01-01 vehicle.registered use=taxi", "2023-01-01 scrapped", "2023-01-01 export.done",
        "2023-01-01 inspection.platform vin_matches=no", "2023-01-01 inspection.statutory vin_matches=no",
        "2023-01-01 inspection.platform odometer_altered=yes", "2023-01-01 odometer.read odometer_km=590000",
    ]

    private func problems(_ history: WrittenHistory) -> [FindingCode] {
        let aboutEntries: Set<FindingCode> = [.correctedEntries, .erasedEntries]
        return history.findings().filter { $0.state == .yes && !aboutEntries.contains($0.code) }.map(\.code)
    }

    @Test(arguments: accusations)
    func `the event alone is a problem`(_ line: String) {
        #expect(!problems(WrittenHistory(line)).isEmpty)
    }

    @Test(arguments: accusations)
    func `a retracted event drives no finding`(_ line: String) throws {
        var history = WrittenHistory(line)
        history.retract(history.entries[0])
        #expect(problems(history).isEmpty)
        let corrected = try #require(history.finding(.correctedEntries))
        #expect(corrected.state == .yes)
        #expect(corrected.evidence.map(\.entry) == history.entries.map(\.hash))
    }

    @Test(arguments: accusations)
    func `an erased event drives no finding`(_ line: String) throws {
        var history = WrittenHistory(line)
        history.erase(history.entries[0])
        #expect(problems(history).isEmpty)
        let erased = try #require(history.finding(.erasedEntries))
        #expect(erased.state == .yes)
        #expect(erased.severity == .information)
        #expect(erased.evidence.first?.entry == history.entries[0].hash)
    }

    @Test func `a corrected event counts with what it says now, and with nothing that it said before`() {
        var history = WrittenHistory("2023-01-01 insurance.claimed peril=flood structural=yes")
        history.correct(history.entries[0], to: ["peril": "fire"])
        #expect(problems(history) == [.fire])
    }

    @Test func `an answer that was retracted is no answer`() {
        var history = WrittenHistory("2023-01-01 inspection.platform flood=no")
        #expect(history.finding(.flood)?.state == .no)
        history.retract(history.entries[0])
        #expect(history.finding(.flood)?.state == .notKnown)
    }

    @Test func `a corrected time counts instead of the one that was reported`() {
        var history = WrittenHistory(
            "2022-05-01 inspection.platform flood=no; 2023-01-01 insurance.claimed peril=not_known"
        )
        #expect(history.finding(.flood)?.state == .notKnown)
        history.correct(history.entries[1], to: ["peril": "not_known"], at: "2021-01-01")
        #expect(history.finding(.flood)?.state == .no)
        #expect(history.finding(.recordedLate)?.state == .yes)
    }

    @Test func `a corrected reading clears the odometer`() {
        var history = WrittenHistory(
            """
            2020-01-01 odometer.read odometer_km=50000
            2021-01-01 odometer.read odometer_km=60000
            2022-01-01 odometer.read odometer_km=20000
            2023-01-01 odometer.read odometer_km=30000
            """
        )
        #expect(history.finding(.odometerRollback)?.state == .yes)
        history.correct(history.entries[2], to: ["odometer_km": 70_000])
        history.correct(history.entries[3], to: ["odometer_km": 80_000])
        #expect(history.finding(.odometerRollback)?.state == .no)
        #expect(history.finding(.odometerInconsistency)?.state == .no)
    }
}
