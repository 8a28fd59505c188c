import Core
import Demonstration
import History
import Testing
import Web

/// What the server checks before it takes an event, and what it would refuse.
@Suite struct EventTests {
    @Test func `the server can read every line, and knows every kind and member`() throws {
        let now = demonstrationDay.startInChina
        for event in sharedVehicles.flatMap(\.events) {
            let submission = try Submission(event.json, vin: nil, now: now)
            #expect(submission.occurredAt == event.occurredAt)
            #expect(submission.ref == event.ref)
            #expect(submission.vin.text == event.vin)
        }
    }

    @Test func `the server can read every follow-up when the entry that it points at is filled in`() throws {
        for followUp in sharedFleet.followUps {
            let isPointer = followUp.correctsRef != nil
            #expect(isPointer == followUp.event.kind.hasPrefix("entry."))
            let hash = JSON.Member("corrects", JSON(String(repeating: "0", count: 64)))
            let json = JSON.object(followUp.event.json.members! + (isPointer ? [hash] : []))
            let submission = try Submission(json, vin: nil, now: demonstrationDay.startInChina)
            #expect((submission.corrects != nil) == isPointer)
        }
    }

    @Test func `what a correction puts in place passes the check of the entry that it corrects`() throws {
        let corrections = sharedVehicles.flatMap(\.followUps).filter { $0.event.kind == "entry.corrected" }
        try #require(!corrections.isEmpty)
        for correction in corrections {
            let target = try #require(sharedVehicles.flatMap(\.events).first { $0.ref == correction.correctsRef })
            let schema = try #require(EventRegistry.schema(named: target.kind))
            var reader = try ObjectReader(try #require(correction.event.data["data"]))
            schema.check(&reader)
            #expect(reader.faults.faults.isEmpty)
        }
    }

    @Test func `whoever reports may report that kind`() throws {
        for event in allEvents {
            let schema = try #require(EventRegistry.schema(named: event.kind))
            let role = try #require(Role(rawValue: event.reporter.role.rawValue))
            #expect(schema.reporters.contains(role), "\(event.reporter.key) reports \(event.kind)")
        }
    }

    /// The platform erases payloads through a resource of its own.
    @Test func `every kind that a source can report occurs`() {
        let kinds = Set(allEvents.map(\.kind))
        let known = Set(VehicleEventKind.allCases.filter { $0 != .payloadErased }.map(\.rawValue))
        #expect(kinds == known)
    }

    @Test func `every car has a number that checks, with the year of its model`() throws {
        for vehicle in sharedVehicles + otherFleets.flatMap({ Array($0.vehicles) }) {
            let vin = try VIN(parsing: vehicle.vin)
            let year = try #require(vehicle.registration.data["model_year"]?.integerValue)
            #expect(vin.modelYearCandidates.contains(Int(year)))
            #expect(vin.warnings.isEmpty)
        }
    }

    @Test func `every organisation has a credit code that checks, and reports something`() throws {
        let organizations = DemonstrationOrganization.all
        for organization in organizations { _ = try USCC(parsing: organization.uscc) }
        #expect(Set(organizations.map(\.uscc)).count == organizations.count)
        #expect(Set(organizations.map(\.name)).count == organizations.count)
        #expect(Set(allEvents.map(\.reporter)) == Set(organizations.map(\.reporter)))
        for role in DemonstrationRole.allCases where role != .admin {
            #expect(organizations.count { $0.reporter.role == role } > 1)
        }
    }

    @Test func `no reference occurs twice`() {
        #expect(Set(allEvents.map(\.ref)).count == allEvents.count)
    }

    private var allEvents: [DemonstrationEvent] {
        sharedVehicles.flatMap(\.events) + sharedFleet.followUps.map(\.event)
    }
}
