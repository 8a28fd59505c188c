import ArgumentParser
import Core
import Demonstration
import Foundation

struct DemoLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Loads the fleet into a running server through its public API; run again, it loads nothing twice."
    )

    @OptionGroup
    var fleet: FleetOptions

    @Option(help: "Where the server answers.")
    var url = "http://127.0.0.1:8080"

    @Option(help: ArgumentHelp("What admin bootstrap printed.", valueName: "file"))
    var administrator: String

    @Option(help: "Where the keys that are made are kept; made where it does not exist.")
    var directory: String

    func run() async throws {
        guard let base = URL(string: url), base.host != nil else { throw ValidationError("--url must be a URL.") }
        let client = APIClient(base: base)
        let fleet = try fleet.fleet()
        let keys = try await DemonstrationKeys(
            client: client,
            administrator: try administratorKey(),
            directory: directory
        ).make()
        let tally = try await DemonstrationLoad(client: client, keys: keys).load(fleet)
        Console.note("\(tally.created) entries were added, \(tally.existing) were there already.")
        Console.answer(tour(of: fleet, keys))
    }

    private func administratorKey() throws -> String {
        let bytes = FileManager.default.contents(atPath: administrator).map { Array($0) } ?? []
        guard let key = (try? JSONParser.parse(bytes))?["api_key"]?.stringValue else {
            throw Refused(message: "\(administrator) must hold what chexin admin bootstrap printed.")
        }
        return key
    }

    /// What to try next, with keys and cars that are there.
    private func tour(of fleet: DemonstrationFleet, _ keys: [DemonstrationReporter: String]) -> String {
        var cars: [DemonstrationLabel: String] = [:]
        for car in fleet.labels where cars[car.label] == nil { cars[car.label] = car.vin }
        let list = DemonstrationLabel.allCases.compactMap { label in
            cars[label].map { "  \($0)  \(label.description.zh) / \(label.description.en)" }
        }
        let vin = cars[.odometerRollback] ?? fleet.vehicle(at: 0).vin
        let workshop = DemonstrationReporter(.workshop, 0)
        let firstTry: JSON = [
            "kind": "odometer.read", "occurred_at": JSON(SystemClock().now()), "ref": "first-try",
            "data": ["odometer_km": 45210],
        ]
        return """
            演示车队已就绪，每类一辆 / The demonstration fleet is there; one car of each sort:
            \(list.joined(separator: "\n"))

            以买家身份（无需账号） / As a buyer, without an account:
              curl -s \(url)/v1/vehicles/\(vin)/report | jq .headline
              curl -s -H 'Accept: application/x-ndjson' \(url)/v1/vehicles/\(vin)/history > car.ndjson
              head -n 1 car.ndjson | tr -d '\\n' | sha256sum; sed -n 2p car.ndjson | jq -r .prev

            以维修企业身份 / As a workshop, with its key (all keys: \(directory)/keys.json):
              curl -s \(url)/v1/vehicles/\(vin)/events \\
                -H 'Authorization: Bearer \(keys[workshop] ?? "")' -H 'Content-Type: application/json' \\
                -d '\(String(decoding: firstTry.bytes, as: UTF8.self))'
            """
    }
}
