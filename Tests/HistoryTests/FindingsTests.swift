import Core
import Support
import Testing

@testable import History

@Suite("Findings") struct FindingsTests {
    /// A state of `?` is not known. `w` is the weight: critical, warning, information.
    static let cases = TextTable(
        """
        code                | state | w | history
        total_loss          | ?     | w | 2020 serviced
        total_loss          | yes   | c | 2020 insurance.total_loss peril=collision
        total_loss          | yes   | c | 2020 inspected total_loss=yes
        total_loss          | no    | i | 2020 inspected total_loss=no
        total_loss          | ?     | w | 2020 inspected total_loss=not_known
        total_loss          | yes   | c | 2019 insurance.total_loss peril=fire; 2020 inspected total_loss=no
        flood               | yes   | c | 2020 flood.reported
        flood               | yes   | c | 2020 insurance.claimed peril=flood
        flood               | yes   | c | 2020 insurance.total_loss peril=flood
        flood               | yes   | c | 2020 repair.done cause=flood
        flood               | yes   | c | 2020 inspected flood=yes
        flood               | no    | i | 2020 inspected flood=no
        flood               | ?     | w | 2020 inspected fire=no
        flood               | yes   | c | 2020 inspected flood=no; 2021 flood.reported
        flood               | ?     | w | 2020 inspected flood=no; 2021 insurance.claimed peril=not_known
        flood               | no    | i | 2019 insurance.claimed peril=not_known; 2020 inspected flood=no
        flood               | no    | i | 2020 inspected flood=no; 2021 insurance.claimed peril=glass
        fire                | yes   | c | 2020 insurance.claimed peril=fire
        fire                | yes   | c | 2020 insurance.total_loss peril=fire
        fire                | no    | i | 2020 inspected fire=no
        fire                | ?     | w | 2020 insurance.claimed peril=collision
        structural_accident | yes   | c | 2020 accident.reported structural=yes
        structural_accident | yes   | c | 2020 insurance.claimed peril=collision structural=yes
        structural_accident | yes   | c | 2020 repair.done structural=yes
        structural_accident | yes   | c | 2020 inspected structural_accident=yes
        structural_accident | ?     | w | 2020 accident.reported structural=no
        structural_accident | ?     | w | 2020 accident.reported structural=not_known
        structural_accident | no    | i | 2020 accident.reported; 2021 inspected structural_accident=no
        structural_accident | ?     | w | 2020 inspected structural_accident=no; 2021 accident.reported
        structural_accident | no    | i | 2020 inspected structural_accident=no; 2021 accident.reported structural=no
        structural_accident | no    | i | 2020 inspected structural_accident=no; 2021 repair.done cause=wear
        theft               | ?     | w | 2020-05 serviced
        theft               | yes   | c | 2020-05 theft.reported status=stolen
        theft               | yes   | w | 2020-05 theft.reported status=stolen; 2020-06 theft.reported status=recovered
        theft               | yes   | c | 2020-05 theft.reported status=recovered; 2020-06 theft.reported status=stolen
        theft               | yes   | w | 2020-05 theft.reported status=recovered
        theft               | yes   | c | 2020-05 insurance.total_loss peril=theft
        theft               | yes   | c | 2020-05 theft.reported status=stolen; 2021-05 inspected theft=no
        theft               | no    | i | 2020-05 inspected theft=no
        commercial_use      | ?     | w | 2020 serviced
        commercial_use      | ?     | w | 2020 registered
        commercial_use      | no    | i | 2020 registered use=private
        commercial_use      | yes   | w | 2020 registered use=taxi
        commercial_use      | yes   | w | 2020 registered use=private; 2021 transferred use=ride_hailing
        commercial_use      | ?     | w | 2020 registered use=private; 2021 transferred
        commercial_use      | no    | i | 2020 registered use=private; 2021 transferred use=company
        commercial_use      | ?     | w | 2021 transferred use=private
        commercial_use      | no    | i | 2021 transferred; 2022 inspected commercial_use=no
        commercial_use      | ?     | w | 2022 inspected commercial_use=no; 2023 transferred
        commercial_use      | yes   | w | 2022 inspected commercial_use=yes
        open_recall         | ?     | w | 2020 serviced
        open_recall         | yes   | c | 2020 recalled campaign=S2020M0001V
        open_recall         | ?     | w | 2020 recalled campaign=S2020M01V; 2021 remedied campaign=s2020m01v
        open_recall         | yes   | c | 2020 recalled campaign=A; 2021 remedied campaign=B
        open_recall         | no    | i | 2020 inspected open_recall=no
        open_recall | no | i | 2018 recalled campaign=A; 2019 remedied campaign=A; 2020 inspected open_recall=no
        open_recall | ? | w | 2020 inspected open_recall=no; 2021 recalled campaign=A; 2022 remedied campaign=A
        open_recall         | yes   | c | 2020 inspected open_recall=yes
        open_recall         | ?     | w | 2020 inspected open_recall=yes; 2021-06 remedied campaign=A
        mortgage            | ?     | w | 2020 serviced
        mortgage            | yes   | c | 2020 mortgaged mortgage_ref=7
        mortgage            | ?     | w | 2020 mortgaged mortgage_ref=M7; 2021 released mortgage_ref=M7
        mortgage            | yes   | c | 2020 released mortgage_ref=M7; 2021 mortgaged mortgage_ref=M7
        mortgage            | yes   | c | 2020 mortgaged mortgage_ref=M7; 2022 inspected mortgage=no
        mortgage            | no    | i | 2022 inspected mortgage=no
        mortgage            | no    | i | 2021 inspected mortgage=yes; 2022 inspected mortgage=no
        scrapped            | ?     | i | 2020-05 serviced
        scrapped            | yes   | c | 2020-05 scrapped
        exported            | ?     | i | 2020 serviced
        exported            | yes   | c | 2020 export.done
        vin_mismatch        | ?     | i | 2020 serviced
        vin_mismatch        | ?     | i | 2020 inspected vin_matches=not_known
        vin_mismatch        | yes   | c | 2020 inspected vin_matches=no
        vin_mismatch        | no    | i | 2020 inspection.statutory vin_matches=yes
        vin_mismatch        | yes   | c | 2020 inspected vin_matches=yes; 2021 inspection.statutory vin_matches=no
        vin_mismatch        | no    | i | 2020 inspection.statutory vin_matches=no; 2021 inspected vin_matches=yes
        vin_mismatch        | yes   | c | 2020 inspected vin_matches=no; 2021 inspected flood=no
        record_gap          | no    | i | 2022-07 serviced; 2023-07 serviced
        record_gap          | yes   | w | 2020-05 serviced; 2022-05-02 serviced; 2023-07 serviced
        record_gap          | no    | i | 2020-05 serviced; 2022-05 serviced; 2023-07 serviced
        record_gap          | yes   | w | 2022-05-31 serviced
        record_gap          | no    | i | 2022-06 serviced
        record_gap          | no    | i | 2020-05 serviced; 2020-06 scrapped
        recorded_late       | no    | i | 2023-05 serviced recorded=2023-07; 2023-06 serviced recorded=2023-07
        recorded_late       | no    | i | 2023-05-31 serviced; 2023-05 serviced recorded=2023-08
        recorded_late       | yes   | i | 2023-06 serviced; 2023-05 serviced recorded=2023-08
        corrected_entries   | no    | i | 2023 serviced
        erased_entries      | no    | i | 2023 serviced
        """
    )

    @Test(arguments: cases.rows)
    func `each case of the rules has its answer`(_ row: TextTable.Row) throws {
        let code = try #require(FindingCode(rawValue: row["code"]))
        let finding = try #require(WrittenHistory(row["history"]).finding(code))
        #expect(finding.state.rawValue == (row["state"] == "?" ? "not_known" : row["state"]), "\(finding.sentence.en)")
        #expect(finding.severity.rawValue.hasPrefix(row["w"]))
    }

    @Test func `the table has a yes for every code but those of entries, and a no for every one that may be denied`() {
        let answered = { (state: String) in Set(Self.cases.rows.filter { $0["state"] == state }.map { $0["code"] }) }
        let elsewhere: Set<FindingCode> = [
            .odometerRollback, .odometerRollover, .odometerInconsistency, .scrapAge, .correctedEntries, .erasedEntries,
        ]
        let codes = Set(FindingCode.allCases).subtracting(elsewhere)
        #expect(answered("yes").isSuperset(of: codes.map(\.rawValue)))
        #expect(answered("no").isSuperset(of: codes.subtracting([.scrapped, .exported]).map(\.rawValue)))
    }

    @Test func `a yes names the entries that prove it`() throws {
        let history = WrittenHistory(
            "2020-01-01 maintenance.done; 2020-05-01 flood.reported; 2020-06-01 repair.done cause=flood"
        )
        let flood = try #require(history.finding(.flood))
        #expect(flood.evidence.map(\.entry) == history.entries[1...].map(\.hash))
        #expect(flood.evidence.allSatisfy { $0.part == .proves })
        #expect(flood.sentence.zh.contains("2020-05-01"))
    }

    @Test func `a no says as of which day`() throws {
        let history = WrittenHistory("2020-05-01 inspection.platform flood=no; 2023-05-01 inspection.platform flood=no")
        let flood = try #require(history.finding(.flood))
        #expect(flood.sentence.zh.contains("2023-05-01"))
        #expect(flood.sentence.en.contains("2023-05-01"))
        #expect(flood.evidence.map(\.entry) == [history.entries[1].hash])
    }

    @Test func `what weighs most comes first`() {
        let history = WrittenHistory(
            """
            2020-01-01 vehicle.registered use=taxi
            2020-05-01 flood.reported
            2020-06-01 inspection.platform fire=no
            2024-05-01 odometer.read odometer_km=100
            """
        )
        let findings = history.findings()
        #expect(findings.map(\.code).first == .flood)
        let severities = findings.map { Finding.Severity.allCases.firstIndex(of: $0.severity)! }
        #expect(severities == severities.sorted())
        let warnings = findings.filter { $0.severity == .warning }.map(\.state)
        #expect(warnings.firstIndex(of: .notKnown)! > warnings.lastIndex(of: .yes)!)
        #expect(findings.count == FindingCode.allCases.count)
    }
}

@Suite("Findings: what nobody said") struct FindingsSilenceTests {
    @Test func `a car without records has no answer at all`() {
        for finding in WrittenHistory().findings() { #expect(finding.state == .notKnown, "\(finding.code)") }
    }

    /// Codes whose answer the records give by themselves.
    private let aboutRecords: Set<FindingCode> = [.recordGap, .recordedLate, .correctedEntries, .erasedEntries]

    @Test(arguments: VehicleEventKind.allCases)
    func `an event that states nothing never yields a no`(_ kind: VehicleEventKind) {
        var history = WrittenHistory()
        history.append(kind, at: instant("2024-05-01"), [:])
        for finding in history.findings() where !aboutRecords.contains(finding.code) {
            #expect(finding.state != .no, "\(finding.code)")
        }
    }

    @Test(arguments: EventRegistry.schemas.map(\.kind))
    func `an event that says not known wherever it can never yields a no`(_ kind: VehicleEventKind) throws {
        let schema = try #require(EventRegistry.schema(named: kind.rawValue))
        let unknown = schema.fields.filter(\.canBeUnknown).map { JSON.Member($0.name, "not_known") }
        var history = WrittenHistory()
        history.append(kind, at: instant("2024-05-01"), .object(unknown))
        history.append(kind, at: instant("2024-05-02"), .object(unknown))
        for finding in history.findings() where !aboutRecords.contains(finding.code) {
            #expect(finding.state != .no, "\(finding.code)")
        }
    }
}

extension EventSchema.Field {
    fileprivate var canBeUnknown: Bool {
        switch type {
        case .triState: true
        case .choice(let choices): choices.contains("not_known")
        default: false
        }
    }
}
