import Core
import Cryptography
import Demonstration
import Testing

@Suite struct FleetTests {
    @Test func `the same seed gives the same bytes`() throws {
        let fleets = try (0..<2).map { _ in
            try DemonstrationFleet(seed: 9, vehicles: 92, asOf: demonstrationDay)
        }
        #expect(digest(of: fleets[0].files()) == digest(of: fleets[1].files()))
    }

    /// Whoever changes what a seed means sees it here, and writes down the new digest.
    @Test func `seed 1 still means the same fleet`() {
        #expect(digest(of: sharedFiles).hex == "5515d7d9874a71e43684a4d59bf259849dec09ec0a99971657f12c1f6ad91d80")
    }

    @Test func `another seed gives other cars`() throws {
        let other = try DemonstrationFleet(seed: 2, vehicles: 20, asOf: demonstrationDay)
        let vins = Set(sharedVehicles.map(\.vin))
        #expect(other.vehicles.allSatisfy { !vins.contains($0.vin) })
    }

    @Test func `a larger fleet begins with the cars of a smaller one`() throws {
        let small = try DemonstrationFleet(seed: 1, vehicles: 30, asOf: demonstrationDay)
        #expect(Array(small.vehicles) == Array(sharedVehicles.prefix(30)))
    }

    @Test func `one round of the labels has a car of each`() {
        let labels = Set(sharedVehicles.prefix(46).map(\.label))
        #expect(labels == Set(DemonstrationLabel.allCases))
    }

    @Test func `most cars of 300 are honest, and every sort has one`() {
        let labels = sharedVehicles.prefix(300).map(\.label)
        let honest: [DemonstrationLabel] = [.clean, .cleanElectric, .declaredCommercial]
        #expect(labels.count { honest.contains($0) } > 200)
        #expect(Set(labels) == Set(DemonstrationLabel.allCases))
        #expect(labels.count { $0 == .odometerRollover } < labels.count { $0 == .odometerRollback })
    }

    @Test func `every car has its label and a number of its own`() {
        let labels = sharedFleet.labels
        #expect(labels.map(\.vin) == sharedVehicles.map(\.vin))
        #expect(labels.map(\.label) == sharedVehicles.map(\.label))
        #expect(labels.allSatisfy { $0.description == $0.label.description })
        #expect(Set(sharedVehicles.map(\.vin)).count == 320)
        let descriptions = DemonstrationLabel.allCases.map(\.description)
        #expect(Set(descriptions.map(\.zh)).count == descriptions.count)
        #expect(Set(descriptions.map(\.en)).count == descriptions.count)
    }

    @Test(arguments: [0, -1, 10_001])
    func `a fleet of no car or too many is refused`(count: Int) {
        #expect(pointers { try DemonstrationFleet(seed: 1, vehicles: count, asOf: demonstrationDay) } == ["/vehicles"])
    }

    @Test(arguments: ["2022-12-31", "2040-01-01"])
    func `a day outside the years that can be told is refused`(day: String) {
        let day = CalendarDate(day)!
        #expect(pointers { try DemonstrationFleet(seed: 1, vehicles: 1, asOf: day) } == ["/as_of"])
        #expect(pointers { try DemonstrationFleet(seed: 1, vehicles: 0, asOf: day) } == ["/vehicles", "/as_of"])
    }

    private func pointers(_ make: () throws -> DemonstrationFleet) -> [String]? {
        do {
            _ = try make()
            return nil
        } catch let failure as Failure where failure.type == .demonstrationOutOfRange {
            return failure.faults.map(\.pointer)
        } catch {
            return nil
        }
    }

    private func digest(of files: [(name: String, bytes: [UInt8])]) -> Digest {
        var hash = SHA256()
        for file in files {
            hash.update(Array(file.name.utf8))
            hash.update(file.bytes)
        }
        return hash.finalize()
    }
}
