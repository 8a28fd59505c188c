import Core
import Cryptography
import Demonstration
import History
import Testing

@Suite struct LabelTests {
    @Test(arguments: DemonstrationLabel.allCases)
    func `the events of a car keep what its label promises`(label: DemonstrationLabel) throws {
        for fleet in toldFleets {
            let vehicles = fleet.vehicles.filter { $0.label == label }
            try #require(!vehicles.isEmpty)
            for vehicle in vehicles {
                #expect(Promise(vehicle: vehicle, asOf: fleet.asOf).isKept, "\(vehicle.vin)")
            }
        }
    }

    /// Each sort of car, and what a buyer must be told about it; of an honest car, nothing.
    static let expected: [(DemonstrationLabel, [FindingCode])] = [
        (.clean, []),
        (.cleanElectric, []),
        (.declaredCommercial, [.commercialUse]),
        (.odometerRollback, [.odometerRollback]),
        (.odometerReplaced, []),
        (.odometerTypo, [.odometerInconsistency]),
        (.odometerRollover, [.odometerRollover]),
        (.flood, [.flood]),
        (.hiddenStructuralAccident, [.structuralAccident]),
        (.totalLossRebuilt, [.totalLoss, .structuralAccident]),
        (.batteryWorn, []),
        (.unregisteredModification, []),
        (.stolen, [.theft]),
        (.stolenRecovered, [.theft]),
        (.undisclosedRideHailing, [.commercialUse]),
        (.openRecall, [.openRecall]),
        (.liveMortgage, [.mortgage]),
        (.nearScrapTaxi, [.scrapAge, .commercialUse]),
        (.scrapped, [.scrapped, .scrapAge, .commercialUse]),
        (.exported, [.exported]),
        (.longGap, [.recordGap]),
        (.lateAccident, [.structuralAccident, .recordedLate]),
        (.corrected, [.correctedEntries]),
        (.retracted, [.correctedEntries]),
        (.saleReturned, []),
        (.warrantyClaimed, []),
    ]

    /// As if every event had been recorded on the day after, and the follow-ups on the day of the telling.
    @Test(arguments: expected)
    func `the findings say of a car what its label promises, and nothing else`(
        label: DemonstrationLabel,
        codes: [FindingCode]
    ) throws {
        for vehicle in sharedVehicles where vehicle.label == label {
            let findings = Findings.all(
                try vehicle.timeline(asOf: sharedFleet.asOf),
                asOf: sharedFleet.asOf.startInChina
            )
            let found = findings.filter { $0.state == .yes }.map(\.code)
            #expect(Set(found) == Set(codes), "\(vehicle.vin)")
        }
    }

    @Test func `the table names every label`() {
        #expect(LabelTests.expected.map(\.0) == DemonstrationLabel.allCases)
    }
}

extension DemonstrationVehicle {
    fileprivate func timeline(asOf: CalendarDate) throws -> Timeline {
        let recorded = try events.enumerated().map { seq, event in
            try event.recorded(at: event.occurredAt.adding(seconds: 86_400), seq: seq, corrects: nil)
        }
        let late = try followUps.enumerated().map { index, followUp in
            let target = followUp.correctsRef.map { SHA256.hash($0.utf8) }
            return try followUp.event.recorded(at: asOf.startInChina, seq: events.count + index, corrects: target)
        }
        return Timeline(recorded + late)
    }
}

extension DemonstrationEvent {
    fileprivate func recorded(at time: Instant, seq: Int, corrects: Digest?) throws -> RecordedEvent {
        RecordedEvent(
            seq: Int64(seq),
            hash: SHA256.hash(ref.utf8),
            kind: try #require(VehicleEventKind(rawValue: kind)),
            occurredAt: occurredAt,
            recordedAt: time,
            source: reporter.key,
            ref: ref,
            data: data,
            corrects: corrects
        )
    }
}
