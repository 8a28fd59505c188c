import Core
import Demonstration
import History
import Testing
import Web

/// What the server checks before it takes an event, and what it would refuse.
@Suite struct EventTests {
    @Test func `the server can read every line, and knows every kind and member`() throws {
        let now = demonstrationDay.startInChina
        let events = sharedVehicles.flatMap(\.events)
        let submissions = try events.map { try Submission($0.json, vin: nil, now: now) }
        #expect(submissions.map(\.occurredAt) == events.map(\.occurredAt))
        #expect(submissions.map(\.ref) == events.map(\.ref))
        #expect(submissions.map(\.vin.text) == events.map(\.vin))
    }

    @Test func `the server can read every follow-up when the entry that it points at is filled in`() throws {
        for followUp in sharedFollowUps {
            let isPointer = followUp.correctsRef != nil
            #expect(isPointer == followUp.event.kind.hasPrefix("entry."))
            let hash = JSON.Member("corrects", JSON(String(repeating: "0", count: 64)))
            let json = JSON.object(followUp.event.json.members! + (isPointer ? [hash] : []))
            let submission = try Submission(json, vin: nil, now: demonstrationDay.startInChina)
            #expect((submission.corrects != nil) == isPointer)
        }
    }

    @Test func `what a correction puts in place passes the check of the entry that it corrects`() throws {
        let corrections = sharedFollowUps.filter { $0.event.kind == "entry.corrected" }
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
        let reports = Set(sharedEvents.map { [$0.reporter.role.rawValue, $0.kind] })
        for report in reports {
            let schema = try #require(EventRegistry.schema(named: report[1]))
            let role = try #require(Role(rawValue: report[0]))
            #expect(schema.reporters.contains(role), "\(report)")
        }
    }

    /// The platform erases payloads through a resource of its own.
    @Test func `every kind that a source can report occurs`() {
        let kinds = Set(sharedEvents.map(\.kind))
        let known = Set(VehicleEventKind.allCases.filter { $0 != .payloadErased }.map(\.rawValue))
        #expect(kinds == known)
    }

    @Test func `every car has a number that checks, with the year of its model`() throws {
        for vehicle in toldFleets.flatMap(\.vehicles) {
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
        #expect(Set(sharedEvents.map(\.reporter)) == Set(organizations.map(\.reporter)))
        for role in DemonstrationRole.allCases where role != .admin {
            #expect(organizations.count { $0.reporter.role == role } > 1)
        }
    }

    @Test func `no reference occurs twice`() {
        #expect(Set(sharedEvents.map(\.ref)).count == sharedEvents.count)
    }
}
