import ArgumentParser
import Core
import Demonstration
import Foundation

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A made-up fleet with years of history, honest cars and planted frauds.",
        subcommands: [DemoFiles.self, DemoLoad.self]
    )
}

/// Which fleet.
struct FleetOptions: ParsableArguments {
    @Option(help: "The same seed, size and day make the same fleet.")
    var seed: UInt64 = 1

    @Option(help: "How many cars.")
    var vehicles = 300

    @Option(help: ArgumentHelp("The day on which it is told, by default today in China.", valueName: "YYYY-MM-DD"))
    var asOf: String?

    func fleet() throws -> DemonstrationFleet {
        guard let day = asOf.map({ CalendarDate($0) }) ?? SystemClock().now().dateInChina else {
            throw ValidationError("--as-of must be a date as YYYY-MM-DD.")
        }
        do {
            return try DemonstrationFleet(seed: seed, vehicles: vehicles, asOf: day)
        } catch let failure as Failure {
            throw ValidationError(
                failure.faults.map { "\($0.pointer.dropFirst()): \($0.detail.en)" }.joined(separator: "\n")
            )
        }
    }
}

struct DemoFiles: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files",
        abstract: "Writes the fleet as one NDJSON file an organisation, as POST /v1/events/import takes them."
    )

    @OptionGroup
    var fleet: FleetOptions

    @Option(help: "Where the files go; made where it does not exist.")
    var directory: String

    func run() async throws {
        let files = try fleet.fleet().files()
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            for file in files {
                try Data(file.bytes).write(to: URL(fileURLWithPath: directory).appendingPathComponent(file.name))
            }
        } catch {
            throw Refused(message: "\(directory) cannot be written: \(error)")
        }
        for file in files { Console.answer("\(directory)/\(file.name)\t\(file.bytes.count) bytes") }
    }
}
