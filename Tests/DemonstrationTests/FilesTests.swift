import Core
import Demonstration
import Testing

@Suite struct FilesTests {
    @Test func `there is a file for each organisation, in the order of import, between three lists`() {
        let names = DemonstrationOrganization.all.map(\.fileName)
        #expect(sharedFiles.map(\.name) == ["organizations.json"] + names + ["follow-ups.json", "labels.json"])
    }

    @Test func `sellers come after everybody who could contradict them`() {
        let roles = DemonstrationOrganization.all.map(\.reporter.role)
        #expect(roles.lastIndex(of: .workshop)! < roles.firstIndex(of: .dealer)!)
        #expect(roles.lastIndex(of: .insurer)! < roles.firstIndex(of: .dealer)!)
        #expect(roles.lastIndex(of: .authority)! < roles.firstIndex(of: .dealer)!)
    }

    @Test func `a file has the lines of its organisation and no others`() throws {
        for organization in DemonstrationOrganization.all {
            let lines = try lines(of: organization.fileName)
            let events = sharedVehicles.flatMap(\.events).filter { $0.reporter == organization.reporter }
            #expect(lines == events.map(\.json), "\(organization.reporter.key)")
        }
    }

    @Test func `one organisation alone has the same bytes as its file`() throws {
        let small = try DemonstrationFleet(seed: 1, vehicles: 30, asOf: demonstrationDay)
        let files = Dictionary(uniqueKeysWithValues: small.files().map { ($0.name, $0.bytes) })
        for organization in DemonstrationOrganization.all.suffix(2) {
            #expect(small.ndjson(for: organization.reporter) == files[organization.fileName])
        }
        #expect(small.followUps.count == (try JSONParser.parse(files["follow-ups.json"]!)).arrayValue!.count)
    }

    @Test func `a line has what an import reads`() throws {
        let line = try #require(try lines(of: "workshop-1.ndjson").first)
        #expect(line.members?.map(\.name) == ["vin", "kind", "occurred_at", "ref", "data"])
    }

    @Test func `the list of organisations tells what to create and what to import`() throws {
        let list = try #require(try document("organizations.json").arrayValue)
        #expect(list.count == DemonstrationOrganization.all.count)
        for (organization, json) in zip(DemonstrationOrganization.all, list) {
            let events = sharedVehicles.flatMap(\.events).count { $0.reporter == organization.reporter }
            #expect(
                json == [
                    "key": JSON(organization.reporter.key), "kind": JSON(organization.reporter.role.rawValue),
                    "name": JSON(organization.name), "uscc": JSON(organization.uscc),
                    "file": JSON(organization.fileName), "events": JSON(events),
                ]
            )
        }
    }

    @Test func `a follow-up names its organisation and what it points at`() throws {
        let list = try #require(try document("follow-ups.json").arrayValue)
        let keys = Set(DemonstrationOrganization.all.map(\.reporter.key))
        #expect(list.count == sharedFollowUps.count)
        for (followUp, json) in zip(sharedFollowUps, list) {
            #expect(json["organization"].map { keys.contains($0.stringValue!) } == true)
            #expect(json["corrects_ref"] == followUp.correctsRef.map { JSON($0) } ?? .null)
            #expect(json["data"] == followUp.event.data)
        }
    }

    @Test func `the labels say in both languages what each car is there for`() throws {
        let list = try #require(try document("labels.json").arrayValue)
        #expect(list.map { $0["vin"]?.stringValue } == sharedVehicles.map(\.vin))
        #expect(list.map { $0["label"]?.stringValue } == sharedVehicles.map(\.label.rawValue))
        #expect(list.allSatisfy { $0["zh"]?.stringValue?.isEmpty == false && $0["en"]?.stringValue?.isEmpty == false })
    }

    private func bytes(of name: String) -> [UInt8] {
        sharedFiles.first { $0.name == name }!.bytes
    }

    private func document(_ name: String) throws -> JSON {
        try JSONParser.parse(bytes(of: name))
    }

    private func lines(of name: String) throws -> [JSON] {
        try bytes(of: name).split(separator: UInt8(ascii: "\n")).map { try JSONParser.parse($0) }
    }
}
