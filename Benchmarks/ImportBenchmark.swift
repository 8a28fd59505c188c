import Core
import Foundation

/// Histories in bulk over HTTP, and what they cost in memory.
struct ImportBenchmark {
    let chexin: String

    private static let lines = 100_000
    private static let eventsPerCar = 20

    func run(_ table: inout Table) async throws {
        let server = try await ServerUnderTest(chexin: chexin, port: 18_434)
        let cars = (0..<Self.lines / Self.eventsPerCar).map { BenchmarkEvent.vin(100_000 + $0) }
        // The first import warms everything up that is made once.
        try server.load(vins: [BenchmarkEvent.vin(1)], events: Self.eventsPerCar)
        let before = server.program.residentKiB
        let clock = ContinuousClock()
        let duration = try clock.measure { try server.load(vins: cars, events: Self.eventsPerCar) }
        let growth = (server.program.residentKiB - before) / 1024
        table.add(
            "R17 import of NDJSON events over HTTP",
            rounded(Double(Self.lines) / duration.seconds, 0) + " lines/s",
            "memory +\(growth) MiB",
            "",
            "5000 lines/s, ≤ 50 MB"
        )
    }
}
