import Core
import Foundation

/// Reads while others try passwords as fast as they are let: a steady rate of reads, so that its slowest hundredth
/// tells what a buyer waits, with nobody at the door and with a crowd.
struct FloodBenchmark {
    let chexin: String
    let runs: Int

    private static let seconds = 5
    /// Both at once keep every waiting place of the password checks taken.
    private static let guessers = 32
    private static let readers = 4

    func run(_ table: inout Table) async throws {
        let server = try await ServerUnderTest(chexin: chexin, port: 18_435)
        let vin = BenchmarkEvent.vin(1)
        try server.load(vins: [vin], events: 20)
        let url = "\(server.url)/v1/vehicles/\(vin)"
        let script = try guessing(server)
        var (idle, flooded): ([Double], [Double]) = ([], [])
        for _ in 0..<runs {
            idle.append(try slowest(url))
            let flood = try Program(
                "/usr/bin/wrk",
                [
                    "-t1", "-c\(FloodBenchmark.guessers)", "-d\(FloodBenchmark.seconds + 2)s", "-s", script,
                    "\(server.url)/v1/sessions",
                ]
            )
            try await Task.sleep(for: .seconds(1))
            flooded.append(try slowest(url))
            withExtendedLifetime(flood) {}
        }
        // Of neighbours: what the machine does besides weighs on both.
        let ratios = zip(flooded, idle).map { $0 / $1 }
        table.add(
            "p99 of a read while sign-ins flood",
            rounded(flooded.median) + " ms",
            rounded(idle.median) + " ms idle",
            rounded(ratios.median) + " ×",
            "≤ 2 ×"
        )
    }

    /// Each guess is for another account, so that no lock-out turns them away at the door.
    private func guessing(_ server: ServerUnderTest) throws -> String {
        let script = """
            local number = 0
            local headers = { ["Content-Type"] = "application/json" }
            request = function()
                number = number + 1
                local body = '{"login":"guess' .. number .. '@example.com","password":"wrong horse","code":"000000"}'
                return wrk.format("POST", nil, headers, body)
            end
            """
        let file = server.directory + "/guess.lua"
        try Data(script.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// - Returns: milliseconds of the slowest hundredth of reads.
    private func slowest(_ url: String) throws -> Double {
        let arguments = ["-t1", "-c\(FloodBenchmark.readers)", "-d\(FloodBenchmark.seconds)s", "--latency", url]
        let output = String(decoding: try Program.output("/usr/bin/wrk", arguments), as: UTF8.self)
        let figure = output.split(separator: "\n").map { $0.split(separator: " ") }.first { $0.first == "99%" }?.last
        guard let figure, !output.contains("Non-2xx") else { throw Broken(what: output) }
        return try LatencyBenchmark.milliseconds(figure)
    }
}
